import type { Check } from './check.js';
import { textAt } from './fields.js';
import { findMissing } from './missing.js';

/** A claim on a PersistentVolume that is nowhere: it would stay Pending. */
export const missingVolume: Check = {
  rule: 'missing-volume',
  severity: 'error',
  find: (program) =>
    program.ofKind('core/PersistentVolumeClaim').flatMap(({ app, object }) => {
      const name = textAt(object, 'spec', 'volumeName');
      const target = { kind: 'core/PersistentVolume', name: name ?? '' };
      return name === undefined ? [] : findMissing(program, { app, object, field: 'spec.volumeName', target });
    }),
};
