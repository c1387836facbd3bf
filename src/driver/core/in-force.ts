import type { InForce } from '../../app/checks/in-force.js';
import { hasObjects } from './removal.js';
import type { DriverState } from './state.js';

/** What applications have now, which a new revision does not take from them by mistake. */
export function inForceOf({ apps }: Pick<DriverState, 'apps'>): InForce {
  const known = Object.values(apps);
  return {
    definitions: Object.fromEntries(known.flatMap(({ name, definition }) => (definition ? [[name, definition]] : []))),
    deployed: known.filter(hasObjects).map(({ name }) => name),
  };
}
