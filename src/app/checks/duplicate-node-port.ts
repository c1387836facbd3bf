import type { Manifest } from '../manifest.js';
import type { Claim, ClaimCheck } from './claims.js';
import { itemsAt, valueAt } from './fields.js';

/** One port of the nodes for two Services. The API server gives it to one of them, whatever the protocol. */
export const duplicateNodePort: ClaimCheck = {
  rule: 'duplicate-node-port',
  advice: 'choose another one',
  kinds: ['core/Service'],
  claimsOf(object) {
    const ports = itemsAt(object, 'spec', 'ports').map(
      ([field, port]) => [`${field}.nodePort`, valueAt(port, 'nodePort')] as const,
    );
    return [...ports, ['spec.healthCheckNodePort', healthPortOf(object)] as const].flatMap(claimOf);
  },
};

function healthPortOf(object: Manifest): unknown {
  return valueAt(object, 'spec', 'healthCheckNodePort');
}

/** Zero is the API's word for: any that is free. */
function claimOf([field, port]: readonly [string, unknown]): Claim[] {
  return typeof port === 'number' && port !== 0 ? [{ key: String(port), what: `node port ${port}`, field }] : [];
}
