import { healthOf } from '../../../src/cluster/health/index.js';
import type { HealthStatus } from '../../../src/cluster/port.js';

/** What an object of generation 3 is judged to be. `id` is its kind, such as `apps/v1/Deployment`. */
export function judge(id: string, fields: object): HealthStatus {
  const slash = id.lastIndexOf('/');
  const kind = { apiVersion: id.slice(0, slash), kind: id.slice(slash + 1) };
  return healthOf({ metadata: { name: 'x', generation: 3 }, ...fields }, kind).status;
}

/** A condition as controllers write it. */
export function condition(type: string, status: string, more: object = {}): object {
  return { type, status, ...more };
}
