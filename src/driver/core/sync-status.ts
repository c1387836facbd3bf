import { isDrifted } from './drift.js';
import type { AppState, DriverState } from './state.js';

/** Whether the cluster is what Git and the registry say. */
export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';

/** The sync status of one application. */
export function syncStatusOf(state: Pick<DriverState, 'clusterReachable'>, app: AppState): SyncStatus {
  if (app.removal !== undefined) {
    return 'OutOfSync';
  }
  if (app.target === undefined || (!state.clusterReachable && app.observation === undefined)) {
    return 'Unknown';
  }
  const objects = app.observation?.objects ?? [];
  const differs = app.observationNeeded === undefined && isDrifted(app.observation);
  if (app.synced?.fingerprint !== app.target.fingerprint || differs) {
    return 'OutOfSync';
  }
  const unseen =
    app.observation === undefined ||
    app.observationNeeded !== undefined ||
    objects.some(({ state, hook }) => state === 'unknown' && hook === undefined);
  return unseen ? 'Unknown' : 'Synced';
}
