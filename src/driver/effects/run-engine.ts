import type { StackOutputs } from '../../app/deployment.js';
import { appOfUrn, objectOfUrn } from '../../app/resource-name.js';
import { ProdeskError, type ErrorCode } from '../../base/errors.js';
import type { Engine, ResourceChange, SparedObject, UpdateResult, Workspace } from '../../engine/port.js';
import type { Effect, ObjectChange } from '../core/effects.js';
import type { AppOutcome, EventBody } from '../core/events.js';
import type { Problem } from '../core/state.js';
import { failureOf } from './problem.js';

/** History tells what was done, not all of what a very large update did. */
const KEPT_CHANGES = 50;
const KEPT_FIELDS = 20;

/** What may leave a lock, half a file or an older state behind. */
const RECOVERED: ReadonlySet<ErrorCode> = new Set([
  'engine/busy',
  'engine/crashed',
  'engine/state-lost',
  'disk/full',
  'disk/read-only',
]);

type RunEffect = Extract<Effect, { type: 'run' }>;

/** Saves the overrides, then lets the engine bring the applications to their desired state. */
export async function runEngine(
  engine: Engine,
  workspace: Workspace,
  effect: RunEffect,
  signal: AbortSignal,
): Promise<EventBody> {
  const { run, deployment, remove, repair, overrides } = effect;
  try {
    await workspace.setOverrides(overrides);
    const request = { ...deployment, remove, repair, scope: 'targeted', adopt: true } as const;
    const result = await engine.update(request, { signal });
    return outcomeEvent(effect, result);
  } catch (error) {
    const outputs = error instanceof ProdeskError ? await recoverAfter(error, engine, signal) : undefined;
    return { type: 'runFailed', run, ...failureOf(error, 'engine/failed'), ...(outputs && { outputs }) };
  }
}

/**
 * The event of a run: one outcome for each application, or a failure of the whole where no application can be blamed. A failure that belongs
 * to no application, such as a namespace's, may have held back any: none counts as done then.
 */
export function outcomeEvent({ run, deployment, remove }: RunEffect, result: UpdateResult): EventBody {
  const names = [...deployment.apps.map(({ name }) => name), ...remove];
  const outcomes = names.map((app) => outcomeOf(app, result));
  const unattributed = result.failures.find(({ app }) => app === undefined || !names.includes(app));
  if (unattributed === undefined) {
    return { type: 'runFinished', run, outcomes };
  }
  const problem: Problem = { code: 'engine/failed', message: unattributed.message };
  return outcomes.every((outcome) => outcome.problem === undefined)
    ? { type: 'runFailed', run, problem }
    : { type: 'runFinished', run, outcomes: outcomes.map((outcome) => ({ problem, ...outcome })) };
}

function outcomeOf(app: string, result: UpdateResult): AppOutcome {
  const messages = result.failures.filter((failure) => failure.app === app).map(({ message }) => message);
  const own = result.changes.filter(({ urn, operation }) => operation !== 'same' && appOfUrn(urn) === app);
  const changes = own.flatMap(changeOf).slice(0, KEPT_CHANGES);
  const spared = (result.spared ?? []).filter((object) => object.app === app).map(describeSpared);
  const outcome = {
    app,
    changed: own.length > 0,
    ...(changes.length > 0 && { changes }),
    ...(spared.length > 0 && { spared: spared.slice(0, KEPT_CHANGES) }),
  };
  return messages.length === 0
    ? outcome
    : { ...outcome, problem: { code: 'cluster/rejected', message: messages.join('\n') } };
}

function describeSpared({ urn, reason }: SparedObject): string {
  return `${objectOfUrn(urn) ?? urn} (${reason})`;
}

function changeOf({ urn, operation, diff }: ResourceChange): ObjectChange[] {
  const object = objectOfUrn(urn);
  return object === undefined || operation === 'same' || operation === 'other'
    ? []
    : [{ object, operation, fields: diff.slice(0, KEPT_FIELDS) }];
}

/**
 * A dead process may have left its lock or half a state. A failure to recover shows in the next run.
 * @returns what the stack says is deployed, where its state may be another one now
 */
async function recoverAfter(
  { code }: ProdeskError,
  engine: Engine,
  signal: AbortSignal,
): Promise<StackOutputs | undefined> {
  if (!RECOVERED.has(code)) {
    return undefined;
  }
  try {
    await engine.recover({ signal });
    return code === 'engine/busy' ? undefined : await engine.outputs({ signal });
  } catch (error) {
    if (error instanceof ProdeskError) {
      return undefined;
    }
    throw error;
  }
}
