import { backoffMs, ENGINE_BACKOFF, SYNC_BACKOFF } from './backoff.js';
import type { Decision, Effect, HistoryEntry } from './effects.js';
import type { AppOutcome, EventOf } from './events.js';
import type { AppState, DriverState, Operation } from './state.js';
import { newAppState, without } from './state.js';

/** The engine's run ended: each application's part went well or failed on its own. */
export function onRunFinished(state: DriverState, event: EventOf<'runFinished'>): Decision<DriverState> {
  const apps = { ...state.apps };
  const effects: Effect[] = [];
  for (const outcome of event.outcomes) {
    const app = apps[outcome.app];
    if (app?.operation?.id !== event.run) {
      continue;
    }
    effects.push({ type: 'record', entry: entryOf(app, app.operation, outcome, event.at) });
    const next =
      outcome.problem === undefined
        ? succeeded(app, app.operation, outcome, event.at)
        : failed(app, outcome.problem, event);
    if (next === undefined) {
      delete apps[outcome.app];
      effects.push({ type: 'forget', app: outcome.app });
    } else {
      apps[outcome.app] = next;
    }
  }
  const overrides = Object.fromEntries(Object.entries(state.overrides).filter(([name]) => apps[name] !== undefined));
  return {
    state: { ...without(state, 'run'), apps, overrides, engine: { failures: 0, retryAt: 0 } },
    effects,
  };
}

/** The engine failed as a whole: nothing is known to have been reached. It runs again later, one application at a time. */
export function onRunFailed(state: DriverState, event: EventOf<'runFailed'>): Decision<DriverState> {
  const members = new Set(state.run?.apps ?? []);
  const blamed = members.size === 1;
  const failures = state.engine.failures + 1;
  const waitMs = event.retryAfterMs ?? backoffMs(ENGINE_BACKOFF, failures, event.random);
  const apps = Object.fromEntries(
    Object.values(state.apps).map((app) => {
      if (!members.has(app.name) || app.operation === undefined) {
        return [app.name, app];
      }
      return [app.name, blamed ? failed(app, event.problem, event) : without(app, 'operation')];
    }),
  );
  const engine = { failures, retryAt: event.at + waitMs, problem: event.problem };
  return { state: { ...without(state, 'run'), apps, engine }, effects: [] };
}

function succeeded(app: AppState, operation: Operation, outcome: AppOutcome, at: number): AppState | undefined {
  const base = without(app, 'operation', 'requested', 'problem', 'rollingBack', 'observationNeeded');
  if (operation.kind === 'prune') {
    return app.definition === undefined
      ? undefined
      : { ...newAppState(app.name, app.policy), definition: app.definition, ...(app.target && { target: app.target }) };
  }
  const synced = operation.target === undefined ? {} : { synced: { ...operation.target, at } };
  const rollout =
    outcome.changed && operation.kind !== 'heal'
      ? { rollout: { startedAt: operation.startedAt, kind: operation.kind } }
      : {};
  return { ...base, ...synced, ...rollout, attempts: 0, retryAt: 0, observationNeeded: 'due' };
}

function failed(
  app: AppState,
  problem: NonNullable<AppOutcome['problem']>,
  { at, random }: { readonly at: number; readonly random: number },
): AppState {
  const attempts = app.attempts + 1;
  const retryAt = at + backoffMs(SYNC_BACKOFF, attempts, random);
  return { ...without(app, 'operation', 'requested'), attempts, retryAt, problem, observationNeeded: 'due' };
}

function entryOf(app: AppState, operation: Operation, outcome: AppOutcome, at: number): HistoryEntry {
  return {
    at,
    app: app.name,
    kind: operation.kind,
    outcome: outcome.problem === undefined ? 'succeeded' : 'failed',
    images: operation.target?.images ?? {},
    by: operation.by,
    durationMs: at - operation.startedAt,
    ...(operation.target === undefined ? {} : { revision: operation.target.revision }),
    ...(outcome.problem === undefined ? {} : { message: outcome.problem.message }),
  };
}
