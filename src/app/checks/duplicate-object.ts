import { describeRef, keyOf, refOf } from '../manifest.js';
import type { ClaimCheck } from './claims.js';

/** One object in two applications, or twice in one. */
export const duplicateObject: ClaimCheck = {
  rule: 'duplicate-object',
  advice: 'leave it to one of them, or give this one another name',
  claimsOf: (object) => [{ key: keyOf(object), what: describeRef(refOf(object)), field: 'metadata.name' }],
};
