import { countAt, findCondition, numberAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A ReplicaSet: whether its pods can be created and are available. */
export function replicaSetHealth(object: KubeObject): Health {
  if ((object.metadata.generation ?? 0) > countAt(object, 'status', 'observedGeneration')) {
    return health('Progressing', 'waiting for the replica set controller to see the change');
  }
  const failure = findCondition(object, 'ReplicaFailure');
  if (failure?.status === 'True') {
    return health('Degraded', failure.message);
  }
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const available = countAt(object, 'status', 'availableReplicas');
  return available < wanted ? health('Progressing', `${available} of ${wanted} replicas are available`) : HEALTHY;
}
