import { countAt, textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A DaemonSet: updated and available pods against the nodes that need one. */
export function daemonSetHealth(object: KubeObject): Health {
  if ((object.metadata.generation ?? 0) > countAt(object, 'status', 'observedGeneration')) {
    return health('Progressing', 'waiting for the daemon set controller to see the change');
  }
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return HEALTHY;
  }
  const wanted = countAt(object, 'status', 'desiredNumberScheduled');
  const updated = countAt(object, 'status', 'updatedNumberScheduled');
  const available = countAt(object, 'status', 'numberAvailable');
  if (updated < wanted) {
    return health('Progressing', `${updated} of ${wanted} pods are updated`);
  }
  return available < wanted ? health('Progressing', `${available} of ${wanted} pods are available`) : HEALTHY;
}
