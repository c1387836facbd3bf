import { fieldOf, findCondition, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A Job: failed, complete, suspended or at work. */
export function jobHealth(object: KubeObject): Health {
  const failed = findCondition(object, 'Failed');
  if (failed?.status === 'True') {
    return health('Degraded', failed.message ?? 'job failed');
  }
  if (findCondition(object, 'Complete')?.status === 'True') {
    return HEALTHY;
  }
  const suspended =
    findCondition(object, 'Suspended')?.status === 'True' || fieldOf(object, 'spec', 'suspend') === true;
  return suspended ? health('Suspended', 'job is suspended') : health('Progressing', 'job runs');
}
