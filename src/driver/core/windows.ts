import { windowStateAt } from '../../app/sync-window.js';
import { agendaOf, earliestOf } from './agenda.js';
import type { AppState, DriverState } from './state.js';
import { withApps, without } from './state.js';

/** Looks at the sync windows that begin or end, and at those that are new. */
export function turnWindows(state: DriverState, at: number): DriverState {
  const { rolloutGraceMs } = state.settings;
  if (earliestOf(state).window > at) {
    return state;
  }
  const due = Object.values(state.apps).filter((app) => agendaOf(app, rolloutGraceMs).window <= at);
  return withApps(
    state,
    due.map((app) => ({ ...app, window: windowStateAt(app.policy.windows ?? [], at) })),
  );
}

/** An application whose windows are as they were, or are to be looked at anew. */
export function withWindowOf(app: AppState, { policy, window }: AppState): AppState {
  const isSame = JSON.stringify(policy.windows) === JSON.stringify(app.policy.windows);
  const next = without(app, 'window');
  return isSame && window !== undefined ? { ...next, window } : next;
}
