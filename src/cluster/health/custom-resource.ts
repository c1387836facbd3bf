import { conditionsOf, numberAt, type Condition, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

const BAD = ['Stalled', 'Failed', 'Degraded'];
const BUSY = ['Reconciling', 'Progressing', 'Issuing'];
const GOOD = ['Ready', 'Available', 'Healthy'];

/**
 * Any other kind by its conditions, as most controllers write them: Stalled, Failed or Degraded is bad; Ready, Available or Healthy must not be false.
 * A status about an older generation, or with work under way, is Progressing. An object without such conditions is Healthy.
 */
export function customResourceHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const generation = object.metadata.generation ?? 0;
  const main = conditions.filter(({ type }) => GOOD.includes(type));
  const observed = [numberAt(object, 'status', 'observedGeneration'), ...main.map((item) => item.observedGeneration)];
  if (observed.some((seen) => seen !== undefined && seen < generation)) {
    return health('Progressing', 'waiting for the controller to see the change');
  }
  const bad = findTrue(conditions, BAD);
  if (bad !== undefined) {
    return health('Degraded', textOf(bad));
  }
  const busy = findTrue(conditions, BUSY);
  const unready = main.find(({ status }) => status !== 'True');
  if (unready === undefined) {
    return HEALTHY;
  }
  return health(busy !== undefined || unready.status !== 'False' ? 'Progressing' : 'Degraded', textOf(busy ?? unready));
}

function findTrue(conditions: readonly Condition[], types: readonly string[]): Condition | undefined {
  return conditions.find(({ type, status }) => types.includes(type) && status === 'True');
}

function textOf({ type, status, reason, message }: Condition): string {
  return message !== undefined && message !== ''
    ? message
    : `${type} is ${status}${reason === undefined ? '' : `: ${reason}`}`;
}
