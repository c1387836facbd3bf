import type { Check } from './check.js';
import { itemsAt, textAt } from './fields.js';
import { findMissing } from './missing.js';

/** A pod with a volume of a PersistentVolumeClaim that is nowhere: it would stay Pending. */
export const missingClaim: Check = {
  rule: 'missing-claim',
  severity: 'error',
  find: (program) =>
    program.pods.flatMap(({ app, object, pod }) =>
      itemsAt(pod.spec, 'volumes').flatMap(([field, volume]) => {
        const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
        if (name === undefined) {
          return [];
        }
        const { namespace = '' } = object.metadata;
        const target = { kind: 'core/PersistentVolumeClaim', namespace, name };
        const at = `${pod.field}.${field}.persistentVolumeClaim.claimName`;
        return findMissing(program, { app, object, field: at, target });
      }),
    ),
};
