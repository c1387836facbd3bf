import { assertNever } from '../../base/errors.js';
import { advance } from './advance.js';
import type { Decision } from './effects.js';
import type { DriverEvent, EventOf } from './events.js';
import { onBuildsListed, onRegistryFailed } from './images.js';
import { onGitFailed, onHeadSeen, onRevisionRejected, onRevisionSynthesized } from './revision.js';
import { onObserved } from './rollout.js';
import { onRunFailed, onRunFinished } from './run-results.js';
import { onStarted } from './start.js';
import type { DriverState } from './state.js';
import { withApp, without } from './state.js';

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
      return only(onRevisionRejected(state, event));
    case 'buildsListed':
      return onBuildsListed(state, event);
    case 'registryFailed':
      return only(onRegistryFailed(state, event));
    case 'observed':
      return onObserved(state, event);
    case 'clusterSeen':
      return only({ ...state, clusterReachable: event.reachable });
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
  if (event.source === 'git') {
    return { ...state, git: { ...state.git, nextAt: 0 } };
  }
  const registry = Object.fromEntries(
    Object.entries(state.registry).map(([key, poll]) => [key, { ...poll, nextAt: 0 }]),
  );
  return { ...state, registry };
}

function onSyncRequested(state: DriverState, event: EventOf<'syncRequested'>): DriverState {
  return withApp(state, event.app, (app) => ({ ...app, requested: { by: event.by, prune: event.prune } }));
}

/** A person says that rolled-back images may be tried again. */
function onRetryImageRequested(state: DriverState, event: EventOf<'retryImageRequested'>): DriverState {
  const forgiven = withApp(state, event.app, (app) => ({ ...without(app, 'problem'), badImages: [] }));
  return onPollRequested(forgiven, { ...event, type: 'pollRequested', source: 'registry' });
}
