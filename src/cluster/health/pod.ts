import { countAt, findCondition, itemsAt, textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** Reasons for which a container waits and which time alone rarely mends. */
const STUCK_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Why a pod does not come up: the reason and the container it is about. */
export interface PodFailure {
  readonly reason: string;
  readonly container: string;
}

/** The first container of a pod that fails in a way that waiting rarely mends; undefined when there is none. */
export function findPodFailure(pod: KubeObject): PodFailure | undefined {
  const init = itemsAt(pod, 'status', 'initContainerStatuses');
  for (const status of [...init, ...itemsAt(pod, 'status', 'containerStatuses')]) {
    const reason = textAt(status, 'state', 'waiting', 'reason');
    if (reason !== undefined && STUCK_REASONS.has(reason)) {
      return { reason, container: textAt(status, 'name') ?? '' };
    }
  }
  const failed = init.find((status) => countAt(status, 'state', 'terminated', 'exitCode') !== 0);
  return failed === undefined ? undefined : { reason: 'InitContainerFailed', container: textAt(failed, 'name') ?? '' };
}

/** A Pod: by its failing containers, then its phase and readiness. */
export function podHealth(object: KubeObject): Health {
  const failure = findPodFailure(object);
  if (failure !== undefined) {
    return { ...health('Degraded', `container ${failure.container}: ${failure.reason}`), failing: failure.reason };
  }
  const phase = textAt(object, 'status', 'phase');
  switch (phase) {
    case 'Pending':
    case undefined:
      return health('Progressing', 'pod is pending');
    case 'Succeeded':
      return HEALTHY;
    case 'Failed':
      return health(
        'Degraded',
        textAt(object, 'status', 'message') ?? textAt(object, 'status', 'reason') ?? 'pod failed',
      );
    case 'Running':
      return runningHealth(object);
    default:
      return health('Unknown', `phase ${phase}`);
  }
}

function runningHealth(object: KubeObject): Health {
  if ((textAt(object, 'spec', 'restartPolicy') ?? 'Always') !== 'Always') {
    return health('Progressing', 'pod runs to completion');
  }
  if (findCondition(object, 'Ready')?.status === 'True') {
    return HEALTHY;
  }
  const restarted = itemsAt(object, 'status', 'containerStatuses').find(
    (status) => textAt(status, 'lastState', 'terminated', 'finishedAt') !== undefined,
  );
  return restarted === undefined
    ? health('Progressing', 'pod is not ready yet')
    : health('Degraded', `container ${textAt(restarted, 'name') ?? ''} restarted and the pod is not ready`);
}
