import type { ClaimCheck } from './claims.js';
import { textAt } from './fields.js';

/** One PersistentVolume for two claims: the second stays Pending. */
export const duplicateVolume: ClaimCheck = {
  rule: 'duplicate-volume',
  advice: 'give this claim a volume of its own',
  kinds: ['core/PersistentVolumeClaim'],
  claimsOf(object) {
    const volume = textAt(object, 'spec', 'volumeName');
    return volume === undefined ? [] : [{ key: volume, what: `PersistentVolume ${volume}`, field: 'spec.volumeName' }];
  },
};
