import type { Health } from '../../cluster/port.js';
import { isDrifted } from './drift.js';
import type { Decision, Effect, HistoryEntry } from './effects.js';
import type { EventOf } from './events.js';
import { withOverride } from './images.js';
import { isWhole, objectsSeen, progressOf } from './progress.js';
import { followStage } from './stage-results.js';
import type { AppState, BadImage, DriverState } from './state.js';
import { without, withApp, withApps } from './state.js';

/** After so long without drift a heal counts as a success: the next one is at once again; milliseconds. */
const HEAL_MEMORY_MS = 300_000;
const LOOK_AGAIN_MS = 15_000;

/** New facts about an application's live objects. */
export function onObserved(state: DriverState, event: EventOf<'observed'>): Decision<DriverState> {
  const app = state.apps[event.app];
  if (app === undefined) {
    return { state, effects: [] };
  }
  const looked = event.fresh ? lookEnded(app) : app;
  const seen: AppState = { ...looked, observation: event.observation, heal: healAfter(app, event) };
  const [rolled, effects] = followRollout(seen, event.at);
  const [next, more] = followStage(rolled, event.at);
  return { state: withApps(state, [next]), effects: [...effects, ...more] };
}

/** A look failed: nothing is known, so nothing is healed or rolled back before the next one. */
export function onLookFailed(state: DriverState, event: EventOf<'lookFailed'>): DriverState {
  return withApp(state, event.app, (app) => ({
    ...without(app, 'looking'),
    observationNeeded: 'due',
    lookAt: event.at + LOOK_AGAIN_MS,
  }));
}

/** When a rollout's patience ends; undefined while nothing fails, and when something newer is about to take its place. */
export function rollbackDueAt(app: AppState, graceMs: number): number | undefined {
  const { rollout } = app;
  const health = healthSoFar(app);
  const isHeld = app.operation !== undefined || app.observationNeeded !== undefined || app.paused !== undefined;
  if (rollout === undefined || isHeld || isReplaced(app)) {
    return undefined;
  }
  if (health?.status === 'Degraded') {
    return 0;
  }
  const failsNow = health?.failing !== undefined && rollout.failingSince !== undefined;
  return failsNow ? rollout.failingSince + graceMs : undefined;
}

function isReplaced(app: AppState): boolean {
  const { target, synced, attempts, policy, requested } = app;
  if (progressOf(app) !== undefined) {
    return false;
  }
  const isStarting = attempts === 0 && (policy.automated || requested !== undefined);
  return isStarting && target !== undefined && target.fingerprint !== synced?.fingerprint;
}

/** The health of what was applied of a sync in stages: the rest is as it was before, which says nothing of this rollout. */
function healthSoFar(app: AppState): Health | undefined {
  const progress = progressOf(app);
  if (progress === undefined || isWhole(progress)) {
    return app.observation?.health;
  }
  const applied = objectsSeen(app, progress)?.filter(({ hook }) => hook === undefined) ?? [];
  const bad = applied.find(({ health }) => health.status === 'Degraded');
  return (bad ?? applied.find(({ health }) => health.failing !== undefined))?.health ?? { status: 'Progressing' };
}

/** A look that began before the last operation ended does not count as the one that it needs. */
function lookEnded(app: AppState): AppState {
  const rest = without(app, 'looking', 'lookAt');
  return app.observationNeeded === 'asked' ? without(rest, 'observationNeeded') : rest;
}

/** Drift that comes after a calm time is healed at once again; someone who fights back is met later and later. */
function healAfter({ heal, observation }: AppState, event: EventOf<'observed'>): AppState['heal'] {
  const isNew = !isDrifted(observation) && isDrifted(event.observation);
  return isNew && heal.attempts > 0 && event.at - heal.lastAt >= HEAL_MEMORY_MS ? { attempts: 0, lastAt: 0 } : heal;
}

/**
 * Puts back the last healthy images of an application whose rollout failed, or gives up waiting where there are none. A manual application is
 * not touched: a person asked for this rollout, and sees how it went. Neither is a pinned image.
 */
export function rollBack(state: DriverState, name: string, at: number): Decision<DriverState> {
  const app = state.apps[name];
  if (app === undefined) {
    return { state, effects: [] };
  }
  const health = healthSoFar(app);
  const reason = health?.failing ?? health?.message ?? 'Degraded';
  const effects: Effect[] = [{ type: 'record', entry: healthEntry(app, 'degraded', at, reason) }];
  const back = imagesToRestore(app);
  const ended = withApp(state, name, (known) => without(known, 'rollout'));
  if (Object.keys(back).length === 0) {
    return { state: ended, effects };
  }
  const bad: BadImage[] = Object.entries(back).map(([image, restored]) => ({
    image,
    restored,
    tag: app.synced?.images[image] ?? '',
    reason,
    at,
  }));
  const marked = withApp(ended, name, (known) => ({
    ...known,
    badImages: [...known.badImages, ...bad].slice(-20),
    rollingBack: reason,
  }));
  return { state: withOverride(marked, name, back), effects };
}

/** The followed images whose tag differs from the last healthy one, with the healthy tag. */
function imagesToRestore(app: AppState): Record<string, string> {
  const healthy = app.policy.automated ? (app.lastHealthy?.images ?? {}) : {};
  const followed = new Set(app.definition?.images.map(({ image }) => image));
  const pinned = app.pin?.images ?? {};
  return Object.fromEntries(
    Object.entries(healthy).filter(
      ([image, tag]) => followed.has(image) && pinned[image] === undefined && app.synced?.images[image] !== tag,
    ),
  );
}

function followRollout(app: AppState, at: number): [AppState, Effect[]] {
  if (app.operation !== undefined || app.observationNeeded !== undefined || app.synced === undefined) {
    return [app, []];
  }
  const health = healthSoFar(app);
  const reached = app.synced.fingerprint === app.target?.fingerprint;
  /** Objects that somebody changed say nothing of how well what was deployed does. */
  if (health?.status === 'Healthy' && reached && !isDrifted(app.observation)) {
    const effects: Effect[] =
      app.rollout === undefined ? [] : [{ type: 'record', entry: healthEntry(app, 'healthy', at) }];
    const isNew = app.lastHealthy?.fingerprint !== app.synced.fingerprint;
    return [{ ...without(app, 'rollout'), ...(isNew ? { lastHealthy: { ...app.synced, at } } : {}) }, effects];
  }
  if (app.rollout === undefined) {
    return [app, []];
  }
  return health?.failing === undefined || app.rollout.failingSince !== undefined
    ? [app, []]
    : [{ ...app, rollout: { ...app.rollout, failingSince: at } }, []];
}

function healthEntry(app: AppState, outcome: 'healthy' | 'degraded', at: number, message?: string): HistoryEntry {
  return {
    at,
    app: app.name,
    kind: app.rollout?.kind ?? 'sync',
    outcome,
    images: app.synced?.images ?? {},
    by: 'automated',
    ...(app.synced === undefined ? {} : { revision: app.synced.revision }),
    ...(app.rollout === undefined ? {} : { durationMs: at - app.rollout.startedAt }),
    ...(message === undefined ? {} : { message }),
  };
}
