import type { Agenda } from './agenda.js';
import { agendaOf, earliestOf, earliestPoll, fingerprintToWatch, pollDueAt } from './agenda.js';
import type { Decision, Effect } from './effects.js';
import { followedBy, loginOf } from './followed.js';
import { passTime } from './pass-time.js';
import { isBlocked, startRun } from './plan.js';
import { pollStarted } from './polls.js';
import { retryRejected } from './revision.js';
import { rollBack } from './rollout.js';
import type { AppState, DriverState } from './state.js';
import { pollOf, withApps, without } from './state.js';

type PollEffect = Extract<Effect, { type: 'listBuilds' }>;

/** Everything that is due at a time: polls, a commit to try again, rollbacks, an engine run, and looks at the cluster. */
export function advance(state: DriverState, at: number): Decision<DriverState> {
  if (state.stopping) {
    return { state, effects: [] };
  }
  return chain(
    passTime(state, at),
    [pollGit, retryRejected, pollRegistry, rollBackFailed, runEngine, lookAtCluster],
    at,
  );
}

/**
 * When something is due next without a new event; Infinity when nothing is. Milliseconds since the epoch.
 * What was due before `at`, the time of the last event, either was started then or waits for an event.
 */
export function nextWakeAt(state: DriverState, at: number): number {
  const { rollback, operation, look, resume, window } = earliestOf(state);
  const times = [
    pollDueAt(state.git),
    earliestPoll(state),
    state.synthesizing === undefined ? (state.rejected?.retryAt ?? Infinity) : Infinity,
    rollback,
    look,
    resume,
    window,
    state.paused?.until ?? Infinity,
    isBlocked(state, at) ? state.engine.retryAt : operation,
  ];
  return firstAfter(at, times);
}

function firstAfter(at: number, times: readonly number[]): number {
  return times.reduce((first, time) => (time > at ? Math.min(first, time) : first), Infinity);
}

function pollGit(state: DriverState, at: number): Decision<DriverState> {
  return pollDueAt(state.git) > at
    ? { state, effects: [] }
    : { state: { ...state, git: { ...without(state.git, 'again'), inFlight: true } }, effects: [{ type: 'pollGit' }] };
}

function pollRegistry(state: DriverState, at: number): Decision<DriverState> {
  if (earliestPoll(state) > at) {
    return { state, effects: [] };
  }
  const due = new Map<string, PollEffect>();
  for (const app of Object.values(state.apps)) {
    for (const { key, policy } of followedBy(app)) {
      if (app.definition !== undefined && pollDueAt(pollOf(state.registry, key)) <= at) {
        const login = loginOf(app.definition, policy);
        const followers = [...(due.get(key)?.followers ?? []), { app: app.name, policy }];
        due.set(key, { type: 'listBuilds', poll: key, followers, ...(login && { login }) });
      }
    }
  }
  const started = [...due.keys()].map((key) => [key, pollStarted(pollOf(state.registry, key))] as const);
  return {
    state: { ...state, registry: { ...state.registry, ...Object.fromEntries(started) } },
    effects: [...due.values()],
  };
}

function rollBackFailed(state: DriverState, at: number): Decision<DriverState> {
  if (state.paused !== undefined) {
    return { state, effects: [] };
  }
  return chain(
    state,
    dueApps(state, 'rollback', at).map((app) => (current: DriverState) => rollBack(current, app.name, at)),
    at,
  );
}

function runEngine(state: DriverState, at: number): Decision<DriverState> {
  const due = isBlocked(state, at) ? [] : dueApps(state, 'operation', at);
  return due.length === 0 ? { state, effects: [] } : startRun(state, due, at);
}

/** Tells the observer what to compare with, or has it look, which includes that. */
function lookAtCluster(state: DriverState, at: number): Decision<DriverState> {
  const effects: Effect[] = [];
  const changed: AppState[] = [];
  for (const app of dueApps(state, 'look', at)) {
    const watched = fingerprintToWatch(app);
    const isNew = watched !== undefined && watched !== app.watched;
    const needsLook = app.observationNeeded === 'due' || (isNew && app.watched !== undefined);
    const known = isNew ? { ...app, watched } : app;
    if (needsLook && app.looking === undefined && (app.lookAt ?? 0) <= at) {
      effects.push({ type: 'refresh', app: app.name });
      changed.push({ ...without(known, 'lookAt'), observationNeeded: 'asked', looking: true });
    } else if (isNew) {
      effects.push({ type: 'watch', app: app.name });
      changed.push(needsLook ? { ...known, observationNeeded: 'due' } : known);
    }
  }
  return { state: withApps(state, changed), effects };
}

/** The applications for which something is due. */
function dueApps(state: DriverState, kind: keyof Agenda, at: number): AppState[] {
  const { rolloutGraceMs } = state.settings;
  return earliestOf(state)[kind] > at
    ? []
    : Object.values(state.apps).filter((app) => agendaOf(app, rolloutGraceMs)[kind] <= at);
}

type Step = (state: DriverState, at: number) => Decision<DriverState>;

function chain(state: DriverState, steps: readonly Step[], at: number): Decision<DriverState> {
  const effects: Effect[] = [];
  let current = state;
  for (const step of steps) {
    const decision = step(current, at);
    current = decision.state;
    effects.push(...decision.effects);
  }
  return { state: current, effects };
}
