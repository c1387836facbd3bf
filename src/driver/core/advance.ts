import type { Decision, Effect } from './effects.js';
import { followedBy } from './images.js';
import { hasDrift, healDueAt, planRun } from './plan.js';
import { pollStarted } from './polls.js';
import { retryRejected } from './revision.js';
import { rollBack, rollbackDueAt } from './rollout.js';
import type { AppState, DriverState, PollState } from './state.js';
import { pollOf, withApps, without } from './state.js';

/** Everything that is due at a time: polls, a commit to try again, rollbacks, an engine run, and looks at the cluster. */
export function advance(state: DriverState, at: number): Decision<DriverState> {
  if (state.stopping) {
    return { state, effects: [] };
  }
  return chain(state, [pollGit, retryRejected, pollRegistry, rollBackFailed, planRun, lookAtCluster], at);
}

/**
 * When something is due next without a new event; Infinity when nothing is. Milliseconds since the epoch.
 * What was due before `at`, the time of the last event, either was started then or waits for an event.
 */
export function nextWakeAt(state: DriverState, at: number): number {
  let earliest = Infinity;
  const note = (time: number | undefined): void => {
    if (time !== undefined && time > at && time < earliest) {
      earliest = time;
    }
  };
  note(state.git.inFlight ? undefined : state.git.nextAt);
  note(state.synthesizing === undefined ? state.rejected?.retryAt : undefined);
  note(state.engine.retryAt);
  for (const app of Object.values(state.apps)) {
    for (const { key } of followedBy(app)) {
      const poll = pollOf(state.registry, key);
      note(poll.inFlight ? undefined : poll.nextAt);
    }
    noteApp(app, state.settings.rolloutGraceMs, note);
  }
  return earliest;
}

function noteApp(app: AppState, graceMs: number, note: (time: number | undefined) => void): void {
  note(rollbackDueAt(app, graceMs));
  note(app.operation === undefined ? app.retryAt : undefined);
  note(app.awaitsImagesUntil);
  note(app.looking === undefined ? app.lookAt : undefined);
  if (app.policy.automated && app.policy.selfHeal && hasDrift(app)) {
    note(healDueAt(app));
  }
}

function pollGit(state: DriverState, at: number): Decision<DriverState> {
  return state.git.inFlight || state.git.nextAt > at
    ? { state, effects: [] }
    : { state: { ...state, git: { ...without(state.git, 'again'), inFlight: true } }, effects: [{ type: 'pollGit' }] };
}

function pollRegistry(state: DriverState, at: number): Decision<DriverState> {
  const started: Record<string, PollState> = {};
  const effects: Effect[] = [];
  for (const app of Object.values(state.apps)) {
    for (const { key, policy } of followedBy(app)) {
      const poll = pollOf(state.registry, key);
      if (!poll.inFlight && poll.nextAt <= at) {
        started[key] = pollStarted(poll);
        effects.push({ type: 'listBuilds', app: app.name, policy });
      }
    }
  }
  return effects.length === 0
    ? { state, effects }
    : { state: { ...state, registry: { ...state.registry, ...started } }, effects };
}

function rollBackFailed(state: DriverState, at: number): Decision<DriverState> {
  const due = Object.values(state.apps).filter(
    (app) => (rollbackDueAt(app, state.settings.rolloutGraceMs) ?? Infinity) <= at,
  );
  return chain(
    state,
    due.map((app) => (current: DriverState) => rollBack(current, app.name, at)),
    at,
  );
}

/**
 * Tells the observer what to compare with once it is deployed, at once for what is only reported; then looks where an operation ended, and
 * where what was seen was compared with something else. A look sets what is compared, too.
 */
function lookAtCluster(state: DriverState, at: number): Decision<DriverState> {
  const effects: Effect[] = [];
  const changed: AppState[] = [];
  for (const app of Object.values(state.apps)) {
    const watched = fingerprintToWatch(app);
    const isNew = watched !== undefined && watched !== app.watched;
    const needsLook = app.observationNeeded === 'due' || (isNew && app.watched !== undefined);
    const known = isNew ? { ...app, watched } : app;
    if (needsLook && mayLook(app, at)) {
      effects.push({ type: 'refresh', app: app.name });
      changed.push({ ...without(known, 'lookAt'), observationNeeded: 'asked', looking: true });
    } else if (isNew) {
      effects.push({ type: 'watch', app: app.name });
      changed.push(needsLook ? { ...known, observationNeeded: 'due' } : known);
    }
  }
  return { state: withApps(state, changed), effects };
}

function mayLook({ operation, looking, lookAt = 0 }: AppState, at: number): boolean {
  return operation === undefined && looking === undefined && lookAt <= at;
}

function fingerprintToWatch(app: AppState): string | undefined {
  if (app.target === undefined || app.operation !== undefined) {
    return app.watched;
  }
  const settled = app.synced?.fingerprint === app.target.fingerprint;
  return settled || !app.policy.automated || app.attempts > 0 ? app.target.fingerprint : app.watched;
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
