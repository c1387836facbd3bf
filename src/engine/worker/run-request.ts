import * as pulumi from '@pulumi/pulumi';
import type { StackDeployment, StackOutputs } from '../../app/deployment.js';
import { secretKeysIn } from '../../app/secret-marker.js';
import { CancelledError, messageOf } from '../../base/errors.js';
import { redactValues } from '../../base/redact.js';
import { classifyFailure } from '../classify-failure.js';
import type { StackState } from '../checkpoint.js';
import { EventCollector } from '../engine-events.js';
import type { UpdateRequest, UpdateResult } from '../port.js';
import type { StackId } from '../../app/resource-name.js';
import { targetsOf } from '../targets.js';
import type { AutomationStack } from './automation-stack.js';

/** Registers a deployment's resources in the program that runs. */
export type DeployFunction = (deployment: StackDeployment) => Promise<StackOutputs>;

/** What a run needs. */
export interface RunContext {
  readonly id: StackId;
  readonly stack: AutomationStack;
  readonly deploy: DeployFunction;
  readonly readState: () => Promise<StackState>;
  readonly signal: AbortSignal;
}

/** By this variable the provider adopts existing objects. It is no input of the provider, so that adopting leaves no trace in the state. */
const ADOPT_VARIABLE = 'PULUMI_K8S_UPSERT_EXISTING_OBJECTS';
const NOTHING: UpdateResult = { changes: [], failures: [], durationMs: 0 };

/**
 * Carries a request out, or shows what it would do.
 * @throws as {@link Engine.update}
 */
export async function runRequest(
  mode: 'update' | 'preview',
  request: UpdateRequest,
  context: RunContext,
): Promise<UpdateResult> {
  const startedAt = performance.now();
  const targets = request.scope === 'whole' ? undefined : targetsOf(context.id, request, await context.readState());
  if (targets?.length === 0) {
    return NOTHING;
  }
  const events = new EventCollector();
  const secrets = new SecretValues(request);
  const outcome = await context.stack.run({
    mode,
    program: () => {
      secrets.learn();
      return context.deploy(request);
    },
    targets,
    refresh: request.repair.length > 0,
    environment: { [ADOPT_VARIABLE]: String(request.adopt) },
    onEvent: (event) => events.add(event),
    signal: context.signal,
  });
  if (context.signal.aborted) {
    throw new CancelledError('cancelled/superseded', 'the update was stopped before its end');
  }
  const failures = events.failures().map((failure) => ({ ...failure, message: secrets.redact(failure.message) }));
  const changes = events.changes(new Set(targets ?? []));
  const progressed = changes.some(({ operation }) => operation !== 'same');
  const error = outcome.ok ? undefined : classifyFailure({ text: secrets.redact(outcome.text), failures, progressed });
  if (error !== undefined) {
    throw error;
  }
  return { changes, failures, durationMs: Math.round(performance.now() - startedAt) };
}

/** The secret values that a request uses, to keep them out of messages: an API server quotes what it refuses. */
class SecretValues {
  readonly #keys: readonly string[];
  #values: readonly string[] = [];

  constructor({ apps }: UpdateRequest) {
    this.#keys = secretKeysIn(apps);
  }

  /** Looks the values up; only a running program can. */
  learn(): void {
    const config = pulumi.runtime.allConfig();
    this.#values = this.#keys.flatMap((key) => config[`prodesk:${key}`] ?? []);
  }

  redact(text: string): string {
    return redactValues(messageOf(text), this.#values);
  }
}
