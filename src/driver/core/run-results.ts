import type { StackOutputs } from '../../app/deployment.js';
import type { ErrorCode } from '../../base/errors.js';
import { backoffMs, ENGINE_BACKOFF, SYNC_BACKOFF } from './backoff.js';
import type { Decision, Effect, HistoryEntry } from './effects.js';
import type { AppOutcome, EventOf } from './events.js';
import { hookOf, stageOf } from '../../app/stages.js';
import { isWhole, stageAfter } from './progress.js';
import type { AppState, DriverState, Operation, Problem, StageProgress } from './state.js';
import { newAppState, UNFINISHED, without } from './state.js';

/** What is nobody's fault: an application that ran alone is not held back for it. */
const SURROUNDINGS: ReadonlySet<ErrorCode> = new Set([
  'cluster/unreachable',
  'engine/busy',
  'engine/passphrase',
  'engine/state-lost',
  'disk/full',
  'disk/read-only',
  'cancelled/shutdown',
  'cancelled/superseded',
]);

/** The engine's run ended: each application's part went well or failed on its own. */
export function onRunFinished(state: DriverState, event: EventOf<'runFinished'>): Decision<DriverState> {
  if (state.run?.id !== event.run) {
    return { state, effects: [] };
  }
  const apps = { ...state.apps };
  const effects: Effect[] = [];
  for (const name of state.run.apps) {
    const app = apps[name];
    if (app?.operation?.id !== event.run) {
      continue;
    }
    const outcome = event.outcomes.find((one) => one.app === name) ?? silent(name);
    effects.push({ type: 'record', entry: entryOf(app, app.operation, outcome, event.at) });
    const next =
      outcome.problem === undefined
        ? succeeded(app, app.operation, outcome, event.at)
        : failed(app, outcome.problem, event);
    if (next === undefined) {
      delete apps[name];
      effects.push({ type: 'forget', app: name });
    } else {
      apps[name] = next;
    }
  }
  const overrides = Object.fromEntries(Object.entries(state.overrides).filter(([name]) => apps[name] !== undefined));
  return {
    state: { ...without(state, 'run'), apps, overrides, engine: { failures: 0, retryAt: 0 } },
    effects,
  };
}

/**
 * The engine failed as a whole: nothing is known to have been reached. It runs again later, one application at a time; one that ran alone is
 * to blame, unless the surroundings are. A person who asked gets the failure as the answer.
 */
export function onRunFailed(state: DriverState, event: EventOf<'runFailed'>): Decision<DriverState> {
  if (state.run?.id !== event.run) {
    return { state, effects: [] };
  }
  const effects: Effect[] = [];
  const isAlone = state.run.apps.length === 1;
  const isPassing = SURROUNDINGS.has(event.problem.code);
  const apps = { ...state.apps };
  for (const name of state.run.apps) {
    const app = apps[name];
    if (app?.operation?.id !== event.run) {
      continue;
    }
    const { operation } = app;
    if (isPassing ? operation.requested !== undefined : isAlone) {
      effects.push({ type: 'record', entry: entryOf(app, operation, event, event.at) });
      apps[name] = failed(app, event.problem, event);
    } else {
      apps[name] = interrupted(app, operation);
    }
  }
  const failures = state.engine.failures + 1;
  const waitMs = Math.max(event.retryAfterMs ?? 0, backoffMs(ENGINE_BACKOFF, failures, event.random));
  const engine = { failures, retryAt: event.at + waitMs, problem: event.problem };
  const known = event.outputs === undefined ? apps : deployedBy(event.outputs, apps);
  return { state: { ...without(state, 'run'), apps: known, engine }, effects };
}

/** Applications of which the stack does not know any more what we know: they are deployed again, which takes their live objects over. */
function deployedBy({ fingerprints }: StackOutputs, apps: DriverState['apps']): DriverState['apps'] {
  const each = Object.entries(apps).map(([name, app]) => {
    const isKnown = app.synced === undefined || app.synced.objectsFingerprint === fingerprints[name];
    return [name, isKnown ? app : without(app, 'synced')] as const;
  });
  return Object.fromEntries(each);
}

function silent(app: string): AppOutcome {
  return {
    app,
    changed: false,
    problem: { code: 'engine/failed', message: 'the engine did not say how the update ended' },
  };
}

function succeeded(app: AppState, operation: Operation, outcome: AppOutcome, at: number): AppState | undefined {
  if (operation.kind === 'prune') {
    return pruned(app);
  }
  const progress = progressAfter(app, operation);
  if (progress !== undefined && (!isWhole(progress) || progress.stage === 'post-sync')) {
    return stageApplied(app, progress, outcome, at);
  }
  const base = without(app, 'operation', 'problem', 'rollingBack', 'attempted', 'lookAt', 'progress');
  const target = operation.target?.fingerprint === app.target?.fingerprint ? app.target : operation.target;
  const rollout =
    outcome.changed && operation.kind !== 'heal'
      ? { rollout: { startedAt: operation.startedAt, kind: operation.kind } }
      : {};
  return {
    ...base,
    ...(target && { synced: { ...target, at } }),
    ...(operation.objects && { deployed: operation.objects }),
    ...rollout,
    ...(progress && isAwaited(progress) && { progress }),
    attempts: 0,
    retryAt: 0,
    observationNeeded: 'due',
  };
}

/** How far an application has come when an operation ended well. */
function progressAfter({ progress }: AppState, { stage }: Operation): StageProgress | undefined {
  return stage === undefined ? progress : progress && { ...progress, applied: true };
}

/** Whether something of a stage is still to come: its hooks have to end, or others follow. */
function isAwaited(progress: StageProgress): boolean {
  const { definition, stage } = progress;
  return (
    stageAfter(progress) !== undefined ||
    definition.objects.some((object) => stageOf(object) === stage && hookOf(object) !== undefined)
  );
}

/** A stage was applied that is not the whole. From the first wave on, what is deployed is neither the old nor the new. */
function stageApplied(app: AppState, progress: StageProgress, { changed }: AppOutcome, at: number): AppState {
  const next = { ...without(app, 'operation', 'problem', 'lookAt'), progress, attempts: 0, retryAt: 0 };
  if (typeof progress.stage !== 'number') {
    return { ...next, observationNeeded: 'due' };
  }
  const { target, kind, startedAt } = progress;
  const rollout = app.rollout ?? { startedAt, kind };
  return {
    ...next,
    synced: { ...target, fingerprint: UNFINISHED, objectsFingerprint: UNFINISHED, at },
    ...(changed && { rollout }),
    observationNeeded: 'due',
  };
}

/** What is left after a prune: nothing, unless Git wants the application again meanwhile. */
function pruned(app: AppState): AppState | undefined {
  if (app.removal !== undefined) {
    return undefined;
  }
  const { definition, definitionRevision, git, target, synthFailure, badImages, selected } = app;
  const { requested, looking, waitsFor, paused } = app;
  return {
    ...newAppState(app.name, app.policy),
    badImages,
    selected,
    ...(definition && { definition }),
    ...(definitionRevision !== undefined && { definitionRevision }),
    ...(git && { git }),
    ...(target && { target }),
    ...(synthFailure && { synthFailure }),
    ...(requested && { requested }),
    ...(looking && { looking }),
    ...(waitsFor && { waitsFor }),
    ...(paused && { paused }),
  };
}

function failed(
  app: AppState,
  problem: Problem,
  { at, random }: { readonly at: number; readonly random: number },
): AppState {
  const attempts = app.attempts + 1;
  const retryAt = at + backoffMs(SYNC_BACKOFF, attempts, random);
  return { ...without(app, 'operation', 'lookAt'), attempts, retryAt, problem, observationNeeded: 'due' };
}

/** Nobody knows how far an operation came. What a person asked for is still to be done. */
function interrupted(app: AppState, { requested }: Operation): AppState {
  return {
    ...without(app, 'operation'),
    ...(requested && app.requested === undefined && { requested }),
  };
}

function entryOf(
  app: AppState,
  operation: Operation,
  { problem, changes, spared = [] }: Pick<AppOutcome, 'problem' | 'changes' | 'spared'>,
  at: number,
): HistoryEntry {
  const left = spared.length === 0 ? [] : [`not deleted: ${spared.join(', ')}`];
  const messages = [...(problem === undefined ? [] : [problem.message]), ...left];
  return {
    at,
    app: app.name,
    kind: operation.kind,
    outcome: problem === undefined ? 'succeeded' : 'failed',
    images: operation.target?.images ?? {},
    by: operation.by,
    durationMs: at - operation.startedAt,
    ...(operation.target === undefined ? {} : { revision: operation.target.revision }),
    ...(operation.reason === undefined ? {} : { reason: operation.reason }),
    ...(changes === undefined ? {} : { changes }),
    ...(messages.length > 0 && { message: messages.join('\n') }),
  };
}
