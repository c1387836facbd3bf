import { assertNever } from '../../base/errors.js';
import { advance } from './advance.js';
import { settleWaits, withDependencies } from './dependencies.js';
import type { Decision } from './effects.js';
import type { DriverEvent, EventOf } from './events.js';
import { onBuildsListed, onRegistryFailed } from './images.js';
import { passTime } from './pass-time.js';
import { settleLosses } from './losses.js';
import { onPauseRequested, onResumeRequested } from './pause.js';
import { onDefinitionRecalled, onRecallFailed, onRollbackRequested, onUnpinRequested } from './pin.js';
import { onPollRequested, onRetryImageRequested, onSyncRequested } from './requests.js';
import { onGitFailed, onHeadSeen, onRevisionRejected, onRevisionSynthesized } from './revision.js';
import { onLookFailed, onObserved } from './rollout.js';
import { onRunFailed, onRunFinished } from './run-results.js';
import { onStarted } from './start.js';
import type { DriverState } from './state.js';
import { withApps } from './state.js';
import { onClockTurned } from './turned-clock.js';

/** Events that can put other definitions in force. */
const REDEFINING: ReadonlySet<DriverEvent['type']> = new Set([
  'revisionSynthesized',
  'definitionRecalled',
  'rollbackRequested',
  'unpinRequested',
]);

/** What the daemon does about an event: the new state, and the effects that the loop carries out. No I/O, no clock, no chance. */
export function decide(state: DriverState, event: DriverEvent): Decision<DriverState> {
  const first = handle(passTime(state, event.at), event);
  const redefined = REDEFINING.has(event.type) ? withDependencies(first.state) : first.state;
  const settled = settleWaits(state, settleLosses(state, redefined));
  const rest = advance(settled, event.at);
  return { state: settleWaits(settled, rest.state), effects: [...first.effects, ...rest.effects] };
}

function handle(state: DriverState, event: DriverEvent): Decision<DriverState> {
  switch (event.type) {
    case 'started':
      return only(onStarted(state, event));
    case 'ticked':
      return only(state);
    case 'clockTurned':
      return only(passTime(onClockTurned(state, event), event.at));
    case 'pollRequested':
      return onPollRequested(state, event);
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
      return onSyncRequested(state, event);
    case 'retryImageRequested':
      return onRetryImageRequested(state, event);
    case 'pauseRequested':
      return onPauseRequested(state, event);
    case 'resumeRequested':
      return onResumeRequested(state, event);
    case 'rollbackRequested':
      return onRollbackRequested(state, event);
    case 'definitionRecalled':
      return only(onDefinitionRecalled(state, event));
    case 'recallFailed':
      return only(onRecallFailed(state, event));
    case 'unpinRequested':
      return onUnpinRequested(state, event);
    case 'stopRequested':
      return only({ ...state, stopping: true });
    default:
      return assertNever(event);
  }
}

function only(state: DriverState): Decision<DriverState> {
  return { state, effects: [] };
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
