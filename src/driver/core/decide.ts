import { assertNever } from '../../base/errors.js';
import { advance } from './advance.js';
import type { Decision } from './effects.js';
import type { DriverEvent, EventOf } from './events.js';
import { followedBy, onBuildsListed, onRegistryFailed } from './images.js';
import { mayPrune } from './plan.js';
import { pollWanted } from './polls.js';
import { needsConfirmation } from './removal.js';
import { onGitFailed, onHeadSeen, onRevisionRejected, onRevisionSynthesized } from './revision.js';
import { onLookFailed, onObserved } from './rollout.js';
import { onRunFailed, onRunFinished } from './run-results.js';
import { onStarted } from './start.js';
import type { AppState, DriverState } from './state.js';
import { pollOf, withApp, withApps, without } from './state.js';

/** What the daemon does about an event: the new state, and the effects that the loop carries out. No I/O, no clock, no chance. */
export function decide(state: DriverState, event: DriverEvent): Decision<DriverState> {
  const first = handle(state, event);
  const rest = advance(first.state, event.at);
  return { state: rest.state, effects: [...first.effects, ...rest.effects] };
}

function handle(state: DriverState, event: DriverEvent): Decision<DriverState> {
  switch (event.type) {
    case 'started':
      return only(onStarted(state, event));
    case 'ticked':
      return only(state);
    case 'pollRequested':
      return only(onPollRequested(state, event));
    case 'headSeen':
      return onHeadSeen(state, event);
    case 'gitFailed':
      return only(onGitFailed(state, event));
    case 'revisionSynthesized':
      return onRevisionSynthesized(state, event);
    case 'revisionRejected':
      return onRevisionRejected(state, event);
    case 'buildsListed':
      return onBuildsListed(state, event);
    case 'registryFailed':
      return only(onRegistryFailed(state, event));
    case 'observed':
      return onObserved(state, event);
    case 'lookFailed':
      return only(onLookFailed(state, event));
    case 'clusterSeen':
      return only(onClusterSeen(state, event));
    case 'runFinished':
      return onRunFinished(state, event);
    case 'runFailed':
      return onRunFailed(state, event);
    case 'syncRequested':
      return only(onSyncRequested(state, event));
    case 'retryImageRequested':
      return only(onRetryImageRequested(state, event));
    case 'stopRequested':
      return only({ ...state, stopping: true });
    default:
      return assertNever(event);
  }
}

function only(state: DriverState): Decision<DriverState> {
  return { state, effects: [] };
}

function onPollRequested(state: DriverState, event: EventOf<'pollRequested'>): DriverState {
  return event.source === 'git'
    ? { ...state, git: { ...state.git, ...pollWanted(state.git, event.at), retake: true } }
    : pollImages(state, () => true, event.at);
}

function pollImages(state: DriverState, isMeant: (app: AppState) => boolean, at: number): DriverState {
  const keys = Object.values(state.apps).flatMap((app) => (isMeant(app) ? followedBy(app).map(({ key }) => key) : []));
  const wanted = keys.map((key) => [key, pollWanted(pollOf(state.registry, key), at)] as const);
  return { ...state, registry: { ...state.registry, ...Object.fromEntries(wanted) } };
}

/** A request that cannot be carried out is answered at once. */
function onSyncRequested(state: DriverState, event: EventOf<'syncRequested'>): DriverState {
  const { by, prune } = event;
  return withApp(state, event.app, (app) => {
    if (app.removal !== undefined && !mayPrune(app, { by, prune })) {
      return { ...app, problem: needsConfirmation(app) };
    }
    if (app.definition === undefined && app.synthFailure !== undefined) {
      return { ...app, problem: { code: 'synth/threw', message: app.synthFailure.message } };
    }
    return { ...app, requested: { by, prune } };
  });
}

/** A person says that rolled-back images may be tried again. */
function onRetryImageRequested(state: DriverState, event: EventOf<'retryImageRequested'>): DriverState {
  const forgiven = withApp(state, event.app, (app) => ({ ...without(app, 'problem'), badImages: [] }));
  return pollImages(forgiven, ({ name }) => name === event.app, event.at);
}

/** Where the cluster is back, what waited because of it goes on at once. */
function onClusterSeen(state: DriverState, { reachable }: EventOf<'clusterSeen'>): DriverState {
  if (!reachable || state.clusterReachable) {
    return { ...state, clusterReachable: reachable };
  }
  const held = Object.values(state.apps).filter(({ problem }) => problem?.code === 'cluster/unreachable');
  const freed = withApps(
    state,
    held.map((app) => ({ ...app, retryAt: 0 })),
  );
  return { ...freed, clusterReachable: true, engine: { ...state.engine, retryAt: 0 } };
}
