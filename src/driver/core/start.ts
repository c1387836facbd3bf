import type { ImageOverrides } from '../../app/desired-state.js';
import type { EventOf } from './events.js';
import { NOTHING_BY_ITSELF } from './removal.js';
import type { AppState, DriverState, Memory, ReachedTarget } from './state.js';
import { newAppState, UNFINISHED, without } from './state.js';

/**
 * What a start brings back: the remembered applications, and those that only the stack's outputs know. Of the latter nobody knows whether
 * they may be pruned, so they are not, by themselves, until Git tells.
 */
export function onStarted(state: DriverState, event: EventOf<'started'>): DriverState {
  const { apps: known, paused } = event.remembered;
  const names = new Set([...Object.keys(event.outputs.fingerprints), ...Object.keys(known)]);
  const apps: Record<string, AppState> = {};
  for (const name of names) {
    apps[name] = resumeRollout(appAtStart(event, name), event.at);
  }
  return { ...state, apps, overrides: withPins(event.remembered, overridesAtStart(event)), ...(paused && { paused }) };
}

/** Where the stack's state and its settings are both lost, the versions that are remembered as deployed: better than those in the code. */
function overridesAtStart({ overrides, outputs, remembered }: EventOf<'started'>): ImageOverrides {
  const lost = Object.entries(remembered.apps).flatMap(([name, { synced }]) => {
    const isLost = outputs.fingerprints[name] === undefined && overrides[name] === undefined;
    return isLost && synced !== undefined && Object.keys(synced.images).length > 0 ? [[name, synced.images]] : [];
  });
  return lost.length === 0 ? overrides : { ...(Object.fromEntries(lost) as ImageOverrides), ...overrides };
}

/** A pin is remembered at once, overrides are saved with the next run: a death in between must not lose what a person wants. */
function withPins({ apps }: Memory, overrides: ImageOverrides): ImageOverrides {
  const pinned = Object.entries(apps).flatMap(([name, { pin }]) =>
    pin === undefined ? [] : [[name, { ...overrides[name], ...pin.images }] as const],
  );
  return { ...overrides, ...Object.fromEntries(pinned) };
}

function appAtStart(event: EventOf<'started'>, name: string): AppState {
  const remembered = event.remembered.apps[name];
  const synced = syncedAtStart(event, name);
  if (remembered === undefined) {
    return { ...newAppState(name, NOTHING_BY_ITSELF), ...(synced && { synced }) };
  }
  const { removalHeld, ...known } = without(remembered, 'synced');
  return {
    ...newAppState(name, remembered.policy),
    ...known,
    ...(synced && { synced }),
    ...(removalHeld && { removal: { reason: 'removed', held: true } }),
  };
}

/** A rollout that a restart interrupted is followed again: what was deployed last has not been seen Healthy yet. */
function resumeRollout(app: AppState, at: number): AppState {
  const unproven =
    app.synced !== undefined && app.lastHealthy !== undefined && app.lastHealthy.fingerprint !== app.synced.fingerprint;
  return unproven ? { ...app, rollout: { startedAt: at, kind: 'sync' } } : app;
}

/**
 * The stack's outputs say what was deployed last; the daemon's own memory is believed only when it agrees. A laptop may have run
 * `pulumi up` meanwhile. An update that failed in part, or that was killed, shows in the outputs as if it were done: it is done again.
 */
function syncedAtStart(event: EventOf<'started'>, name: string): ReachedTarget | undefined {
  const deployed = event.outputs.fingerprints[name];
  const { synced, attempted } = event.remembered.apps[name] ?? {};
  if (deployed === undefined || synced?.objectsFingerprint === deployed) {
    return deployed === undefined ? undefined : synced;
  }
  const fingerprint = attempted === deployed ? UNFINISHED : deployed;
  return {
    revision: 'unknown',
    images: event.outputs.images[name] ?? {},
    fingerprint,
    objectsFingerprint: fingerprint,
    at: event.at,
  };
}
