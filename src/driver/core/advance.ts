import type { Decision, Effect } from './effects.js';
import { pollKey } from './images.js';
import { hasDrift, healDueAt, planRun } from './plan.js';
import { pollStarted } from './polls.js';
import { rollBack, rollbackDueAt } from './rollout.js';
import type { AppState, DriverState } from './state.js';
import { pollOf, withApp } from './state.js';

/** Everything that is due at a time: polls, rollbacks, looks at the cluster, and an engine run. */
export function advance(state: DriverState, at: number): Decision<DriverState> {
  if (state.stopping) {
    return { state, effects: [] };
  }
  return chain(state, [
    (current) => pollGit(current, at),
    (current) => pollRegistry(current, at),
    (current) => rollBackFailed(current, at),
    (current) => planRun(current, at),
    lookAtCluster,
  ]);
}

/**
 * When something is due next without a new event; Infinity when nothing is. Milliseconds since the epoch.
 * What was due before `at` either was started then or waits for an event.
 */
export function nextWakeAt(state: DriverState, at: number): number {
  const times = [
    state.git.inFlight ? Infinity : state.git.nextAt,
    ...imagePolls(state).map(({ poll }) => (poll.inFlight ? Infinity : poll.nextAt)),
  ];
  if (state.engine.retryAt > 0) {
    times.push(state.engine.retryAt);
  }
  for (const app of Object.values(state.apps)) {
    times.push(...appTimes(app, state.settings.rolloutGraceMs));
  }
  return times.reduce((earliest, time) => (time > at && time < earliest ? time : earliest), Infinity);
}

function appTimes(app: AppState, graceMs: number): number[] {
  const times: number[] = [];
  const due = rollbackDueAt(app, graceMs);
  if (due !== undefined) {
    times.push(due);
  }
  if (app.operation === undefined && app.retryAt > 0) {
    times.push(app.retryAt);
  }
  if (app.awaitsImagesUntil !== undefined) {
    times.push(app.awaitsImagesUntil);
  }
  if (app.policy.selfHeal && hasDrift(app)) {
    times.push(healDueAt(app));
  }
  return times;
}

function pollGit(state: DriverState, at: number): Decision<DriverState> {
  return state.git.inFlight || state.git.nextAt > at
    ? { state, effects: [] }
    : { state: { ...state, git: { ...state.git, inFlight: true } }, effects: [{ type: 'pollGit' }] };
}

function imagePolls(state: DriverState) {
  return Object.values(state.apps).flatMap((app) =>
    (app.removal === undefined ? (app.definition?.images ?? []) : []).map((policy) => {
      const key = pollKey(app.name, policy.image);
      return { app: app.name, policy, key, poll: pollOf(state.registry, key) };
    }),
  );
}

function pollRegistry(state: DriverState, at: number): Decision<DriverState> {
  const due = imagePolls(state).filter(({ poll }) => !poll.inFlight && poll.nextAt <= at);
  if (due.length === 0) {
    return { state, effects: [] };
  }
  const started = Object.fromEntries(due.map(({ key, poll }) => [key, pollStarted(poll)]));
  return {
    state: { ...state, registry: { ...state.registry, ...started } },
    effects: due.map(({ app, policy }) => ({ type: 'listBuilds', app, policy })),
  };
}

function rollBackFailed(state: DriverState, at: number): Decision<DriverState> {
  const due = Object.values(state.apps).filter(
    (app) => (rollbackDueAt(app, state.settings.rolloutGraceMs) ?? Infinity) <= at,
  );
  return chain(
    state,
    due.map((app) => (current: DriverState) => rollBack(current, app.name, at)),
  );
}

/** Tells the observer what to compare with once it is deployed, at once for what is only reported; then looks where an operation ended. */
function lookAtCluster(state: DriverState): Decision<DriverState> {
  const effects: Effect[] = [];
  let next = state;
  for (const app of Object.values(state.apps)) {
    const watched = fingerprintToWatch(app);
    if (watched !== undefined && watched !== app.watched) {
      effects.push({ type: 'watch', app: app.name });
      next = withApp(next, app.name, (known) => ({ ...known, watched }));
    }
    if (app.observationNeeded === 'due' && app.operation === undefined) {
      effects.push({ type: 'refresh', app: app.name });
      next = withApp(next, app.name, (known) => ({ ...known, observationNeeded: 'asked' }));
    }
  }
  return { state: next, effects };
}

function fingerprintToWatch(app: AppState): string | undefined {
  if (app.target === undefined || app.operation !== undefined) {
    return app.watched;
  }
  const settled = app.synced?.fingerprint === app.target.fingerprint;
  return settled || !app.policy.automated || app.attempts > 0 ? app.target.fingerprint : app.watched;
}

function chain(
  state: DriverState,
  steps: readonly ((state: DriverState) => Decision<DriverState>)[],
): Decision<DriverState> {
  const effects: Effect[] = [];
  let current = state;
  for (const step of steps) {
    const decision = step(current);
    current = decision.state;
    effects.push(...decision.effects);
  }
  return { state: current, effects };
}
