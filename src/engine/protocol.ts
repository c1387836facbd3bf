import { z } from 'zod';
import {
  BugError,
  CancelledError,
  ConfigError,
  ProdeskError,
  StalledError,
  TransientError,
  messageOf,
  type ErrorCode,
} from '../base/errors.js';
import type { StackId } from '../app/resource-name.js';
import type { UpdateRequest, UpdateResult } from './port.js';
import type { StackState } from './checkpoint.js';

/** What the worker is to do. */
export type WorkerTask =
  | { readonly kind: 'update' | 'preview'; readonly request: UpdateRequest }
  | { readonly kind: 'open' }
  | { readonly kind: 'readState' }
  | { readonly kind: 'clearPending' };

/** What a task's result is. */
export interface TaskResults {
  readonly update: UpdateResult;
  readonly preview: UpdateResult;
  readonly open: undefined;
  readonly readState: WireState;
  readonly clearPending: undefined;
}

/** What the daemon wants to know of a {@link StackState}, as JSON. */
export type WireState = Pick<StackState, 'outputs' | 'pendingOperations'> & { readonly urns: readonly string[] };

/** From the daemon to the worker. */
export type ToWorker =
  | { readonly type: 'run'; readonly id: number; readonly task: WorkerTask }
  | { readonly type: 'cancel'; readonly id: number };

/** From the worker to the daemon. */
export type FromWorker =
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** An error as JSON. */
export interface WireError {
  readonly disposition: ProdeskError['disposition'];
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** Where and how the worker runs the engine. Credentials come by its environment, never by this. */
export const workerSettings = z.object({
  project: z.string(),
  stack: z.string(),
  /** The folder with `Pulumi.yaml`. */
  workDirectory: z.string(),
  pulumiHome: z.string(),
  backendUrl: z.string(),
});

/** See {@link workerSettings}. */
export type WorkerSettings = z.infer<typeof workerSettings>;

/** The stack of these settings. */
export function stackIdOf({ project, stack }: WorkerSettings): StackId {
  return { project, stack };
}

/** An error in its JSON form. */
export function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof ProdeskError)) {
    return { disposition: 'stalled', code: 'engine/failed', message: messageOf(thrown) };
  }
  const { disposition, code, message, retryAfterMs } = thrown;
  return { disposition, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The error behind its JSON form. */
export function fromWireError({ disposition, code, message, retryAfterMs }: WireError): ProdeskError {
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (disposition) {
    case 'retry':
      return new TransientError(code, message, options);
    case 'stalled':
      return new StalledError(code, message, options);
    case 'config':
      return new ConfigError(code, message, options);
    case 'cancelled':
      return new CancelledError(code, message, options);
    case 'bug':
      return new BugError(code, message, options);
  }
}
