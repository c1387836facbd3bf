import { countAt, numberAt, textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A StatefulSet: ready pods, then how far a rolling update is, up to its partition. */
export function statefulSetHealth(object: KubeObject): Health {
  if ((object.metadata.generation ?? 0) > countAt(object, 'status', 'observedGeneration')) {
    return health('Progressing', 'waiting for the stateful set controller to see the change');
  }
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const ready = countAt(object, 'status', 'readyReplicas');
  if (ready < wanted) {
    return health('Progressing', `${ready} of ${wanted} pods are ready`);
  }
  return textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete' ? HEALTHY : updateHealth(object, wanted);
}

function updateHealth(object: KubeObject, wanted: number): Health {
  const updated = countAt(object, 'status', 'updatedReplicas');
  const partition = countAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (partition > 0) {
    return updated < wanted - partition
      ? health('Progressing', `${updated} of ${wanted - partition} pods of the partition are updated`)
      : HEALTHY;
  }
  return textAt(object, 'status', 'updateRevision') === textAt(object, 'status', 'currentRevision')
    ? HEALTHY
    : health('Progressing', `${updated} of ${wanted} pods are updated`);
}
