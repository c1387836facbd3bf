import { countAt, fieldOf, findCondition, numberAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** The reason that the deployment controller gives when a rollout took longer than `progressDeadlineSeconds`. */
export const DEADLINE_EXCEEDED = 'ProgressDeadlineExceeded';

/** A Deployment: paused, past its deadline, or how far its rollout is. Rule: `kubectl rollout status`, as Argo CD judges. */
export function deploymentHealth(object: KubeObject): Health {
  if (fieldOf(object, 'spec', 'paused') === true) {
    return health('Suspended', 'deployment is paused');
  }
  if ((object.metadata.generation ?? 0) > countAt(object, 'status', 'observedGeneration')) {
    return health('Progressing', 'waiting for the deployment controller to see the change');
  }
  if (findCondition(object, 'Progressing')?.reason === DEADLINE_EXCEEDED) {
    return { ...health('Degraded', 'rollout exceeded its progress deadline'), failing: DEADLINE_EXCEEDED };
  }
  return rolloutHealth(object);
}

function rolloutHealth(object: KubeObject): Health {
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const updated = countAt(object, 'status', 'updatedReplicas');
  const total = countAt(object, 'status', 'replicas');
  const available = countAt(object, 'status', 'availableReplicas');
  if (updated < wanted) {
    return health('Progressing', `${updated} of ${wanted} new replicas are created`);
  }
  if (total > updated) {
    return health('Progressing', `${total - updated} old replicas are still to be terminated`);
  }
  if (available < updated) {
    return health('Progressing', `${available} of ${updated} new replicas are available`);
  }
  return HEALTHY;
}
