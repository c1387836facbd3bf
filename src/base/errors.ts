import { redact } from './redact.js';

/** What happened. Every code is listed in the README with its remedy. */
export type ErrorCode =
  | 'config/invalid'
  | 'config/missing'
  | 'git/unreachable'
  | 'git/denied'
  | 'git/unknown-revision'
  | 'git/refused'
  | 'git/unverified'
  | 'registry/unavailable'
  | 'registry/rate-limited'
  | 'registry/denied'
  | 'registry/invalid'
  | 'image/none'
  | 'image/older'
  | 'image/unverified'
  | 'sops/identity'
  | 'sops/damaged'
  | 'sops/unknown-key'
  | 'synth/threw'
  | 'synth/refused'
  | 'synth/limit'
  | 'synth/install'
  | 'cluster/unreachable'
  | 'cluster/denied'
  | 'cluster/rejected'
  | 'cluster/conflict'
  | 'cluster/kind-unknown'
  | 'engine/busy'
  | 'engine/failed'
  | 'engine/crashed'
  | 'engine/passphrase'
  | 'engine/state-lost'
  | 'disk/full'
  | 'disk/read-only'
  | 'hook/failed'
  | 'prune/needs-confirmation'
  | 'sync/refused'
  | 'history/unknown'
  | 'daemon/unreachable'
  | 'daemon/already-running'
  | 'app/unknown'
  | 'sandbox/toolchain'
  | 'sandbox/failed'
  | 'cancelled/superseded'
  | 'cancelled/shutdown'
  | 'bug/unreachable';

/** What to do about it: try again, wait for a new input, refuse to start, or nothing. */
export type Disposition = 'retry' | 'stalled' | 'config' | 'cancelled' | 'bug';

/** Details of a failure, beside its message. */
export interface ErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A failure whose class says what to do and whose code says what happened. Its message never holds a credential. */
export abstract class ProdeskError extends Error {
  abstract readonly disposition: Disposition;
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    if (options.retryAfterMs !== undefined) {
      this.retryAfterMs = options.retryAfterMs;
    }
  }
}

/** May pass by itself: try again with back-off, or after `retryAfterMs` where the other side gave one. */
export class TransientError extends ProdeskError {
  readonly disposition = 'retry';
}

/** Will not pass until its input changes: a commit, a setting, an image or a person. */
export class StalledError extends ProdeskError {
  readonly disposition = 'stalled';
}

/** The configuration cannot be used; the message lists every problem with its key. */
export class ConfigError extends ProdeskError {
  readonly disposition = 'config';
}

/** Not a failure: something newer took over, or the daemon stops. */
export class CancelledError extends ProdeskError {
  readonly disposition = 'cancelled';
}

/** An invariant is broken. */
export class BugError extends ProdeskError {
  readonly disposition = 'bug';
}

/** The text of anything that was thrown, without credentials. */
export function messageOf(thrown: unknown): string {
  return redact(thrown instanceof Error ? thrown.message : String(thrown));
}

/** Proves at compile time that a union was handled completely. */
export function assertNever(value: never): never {
  throw new BugError('bug/unreachable', `unhandled case: ${JSON.stringify(value)}`);
}
