import { syncPolicyOf } from '../../app/sync-policy.js';
import type { EventOf } from './events.js';
import type { AppState, DriverState, ReachedTarget } from './state.js';
import { newAppState, without } from './state.js';

/** What a start brings back: the remembered applications, and those that only the stack's outputs know. */
export function onStarted(state: DriverState, event: EventOf<'started'>): DriverState {
  const names = new Set([...Object.keys(event.outputs.fingerprints), ...Object.keys(event.remembered)]);
  const apps: Record<string, AppState> = {};
  for (const name of names) {
    const remembered = event.remembered[name];
    const app = newAppState(name, remembered?.policy ?? syncPolicyOf());
    const synced = syncedAtStart(event, name);
    apps[name] = resumeRollout(
      { ...app, ...(remembered && without(remembered, 'synced')), ...(synced && { synced }) },
      event.at,
    );
  }
  return { ...state, apps, overrides: event.overrides };
}

/** A rollout that a restart interrupted is followed again: what was deployed last has not been seen Healthy yet. */
function resumeRollout(app: AppState, at: number): AppState {
  const unproven =
    app.synced !== undefined && app.lastHealthy !== undefined && app.lastHealthy.fingerprint !== app.synced.fingerprint;
  return unproven ? { ...app, rollout: { startedAt: at, kind: 'sync' } } : app;
}

/**
 * The stack's outputs say what was deployed last; the daemon's own memory is believed only when it agrees.
 * A laptop may have run `pulumi up` meanwhile.
 */
function syncedAtStart(event: EventOf<'started'>, name: string): ReachedTarget | undefined {
  const deployed = event.outputs.fingerprints[name];
  const remembered = event.remembered[name]?.synced;
  if (deployed === undefined || remembered?.objectsFingerprint === deployed) {
    return deployed === undefined ? undefined : remembered;
  }
  return {
    revision: 'unknown',
    images: event.outputs.images[name] ?? {},
    fingerprint: deployed,
    objectsFingerprint: deployed,
    at: event.at,
  };
}
