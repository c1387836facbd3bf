import { auditOf } from './audit.js';
import type { Decision } from './effects.js';
import type { EventOf } from './events.js';
import { followedBy } from './followed.js';
import { lossProblem } from './losses.js';
import { mayPrune } from './plan.js';
import { pollWanted } from './polls.js';
import { refusalOf } from './refusal.js';
import { needsConfirmation } from './removal.js';
import type { AppState, DriverState, SyncRequest } from './state.js';
import { failureCodeOf, pollOf, withApp, without } from './state.js';

/** A request that cannot be carried out is answered at once. */
export function onSyncRequested(state: DriverState, event: EventOf<'syncRequested'>): Decision<DriverState> {
  const { by, prune } = event;
  const refusal = refusalOf(state, event.app);
  const audit = auditOf(event, prune ? 'sync --prune' : 'sync', refusal && { refused: refusal.message });
  const next = refusal === undefined ? withApp(state, event.app, (app) => askedFor(app, { by, prune })) : state;
  return { state: next, effects: [audit] };
}

/** Somebody wants the sources asked now. */
export function onPollRequested(state: DriverState, event: EventOf<'pollRequested'>): Decision<DriverState> {
  const { at, by, source } = event;
  const next =
    source === 'git'
      ? { ...state, git: { ...state.git, ...pollWanted(state.git, at), retake: true as const } }
      : pollImages(state, () => true, at);
  return { state: next, effects: by === undefined ? [] : [auditOf({ at, by }, 'refresh', { detail: source })] };
}

/** A person says that rolled-back images may be tried again. */
export function onRetryImageRequested(
  state: DriverState,
  event: EventOf<'retryImageRequested'>,
): Decision<DriverState> {
  const forgiven = withApp(state, event.app, (app) => ({ ...without(app, 'problem'), badImages: [] }));
  return {
    state: pollImages(forgiven, ({ name }) => name === event.app, event.at),
    effects: [auditOf(event, 'retry-images')],
  };
}

function askedFor(app: AppState, requested: SyncRequest): AppState {
  if (app.removal !== undefined && !mayPrune(app, requested)) {
    return { ...app, problem: needsConfirmation(app) };
  }
  if (app.definition === undefined && app.synthFailure !== undefined) {
    return { ...app, problem: { code: failureCodeOf(app.synthFailure), message: app.synthFailure.message } };
  }
  const loss = requested.prune ? undefined : lossProblem(app);
  return loss === undefined ? { ...app, requested } : { ...app, problem: loss };
}

function pollImages(state: DriverState, isMeant: (app: AppState) => boolean, at: number): DriverState {
  const keys = Object.values(state.apps).flatMap((app) => (isMeant(app) ? followedBy(app).map(({ key }) => key) : []));
  const wanted = keys.map((key) => [key, pollWanted(pollOf(state.registry, key), at)] as const);
  return { ...state, registry: { ...state.registry, ...Object.fromEntries(wanted) } };
}
