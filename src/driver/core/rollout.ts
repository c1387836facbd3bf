import type { Decision, Effect, HistoryEntry } from './effects.js';
import type { EventOf } from './events.js';
import { withOverride } from './images.js';
import type { AppState, BadImage, DriverState } from './state.js';
import { without, withApp } from './state.js';

/** New facts about an application's live objects. */
export function onObserved(state: DriverState, event: EventOf<'observed'>): Decision<DriverState> {
  const app = state.apps[event.app];
  if (app === undefined) {
    return { state, effects: [] };
  }
  const seen: AppState = {
    ...(event.fresh ? without(app, 'observationNeeded') : app),
    observation: event.observation,
  };
  const [next, effects] = followRollout(seen, event.at);
  return { state: withApp(state, event.app, () => next), effects };
}

/** When a rollout's patience ends; undefined while nothing fails. */
export function rollbackDueAt(app: AppState, graceMs: number): number | undefined {
  if (app.rollout === undefined || app.operation !== undefined || app.observationNeeded !== undefined) {
    return undefined;
  }
  if (app.observation?.health.status === 'Degraded') {
    return 0;
  }
  return app.rollout.failingSince === undefined ? undefined : app.rollout.failingSince + graceMs;
}

/** Puts back the last healthy images of an application whose rollout failed, or gives up waiting where there are none. */
export function rollBack(state: DriverState, name: string, at: number): Decision<DriverState> {
  const app = state.apps[name];
  if (app === undefined) {
    return { state, effects: [] };
  }
  const reason = app.observation?.health.failing ?? app.observation?.health.message ?? 'Degraded';
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
  const healthy = app.lastHealthy?.images ?? {};
  const followed = new Set(app.definition?.images.map(({ image }) => image));
  return Object.fromEntries(
    Object.entries(healthy).filter(([image, tag]) => followed.has(image) && app.synced?.images[image] !== tag),
  );
}

function followRollout(app: AppState, at: number): [AppState, Effect[]] {
  if (app.operation !== undefined || app.observationNeeded !== undefined || app.synced === undefined) {
    return [app, []];
  }
  const health = app.observation?.health;
  const reached = app.synced.fingerprint === app.target?.fingerprint;
  if (health?.status === 'Healthy' && reached) {
    const effects: Effect[] =
      app.rollout === undefined ? [] : [{ type: 'record', entry: healthEntry(app, 'healthy', at) }];
    const isNew = app.lastHealthy?.fingerprint !== app.synced.fingerprint;
    return [{ ...without(app, 'rollout'), ...(isNew ? { lastHealthy: { ...app.synced, at } } : {}) }, effects];
  }
  if (app.rollout === undefined) {
    return [app, []];
  }
  const { failingSince, ...rollout } = app.rollout;
  return health?.failing === undefined
    ? [{ ...app, rollout }, []]
    : [{ ...app, rollout: { ...rollout, failingSince: failingSince ?? at } }, []];
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
