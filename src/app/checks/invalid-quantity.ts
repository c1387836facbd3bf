import { findQuantity } from '../quantity.js';
import type { Check, Mistake } from './check.js';
import { entriesAt, itemsAt, valueAt } from './fields.js';
import type { Program, Subject } from './program.js';

/** An amount of memory, CPU or storage that the API server does not understand. */
export const invalidQuantity: Check = {
  rule: 'invalid-quantity',
  severity: 'error',
  find: (program) =>
    amountsIn(program).flatMap(({ subject: { app, object }, field, value }): Mistake[] => {
      const amount = findQuantity(value);
      const message = `is not an amount such as 100m, 1 or 512Mi: ${JSON.stringify(value)}`;
      return amount === undefined || amount < 0 ? [{ app, object, field, message }] : [];
    }),
};

interface Amount {
  readonly subject: Subject;
  readonly field: string;
  readonly value: unknown;
}

function amountsIn(program: Program): Amount[] {
  const inPods = program.pods.flatMap((placed) => [
    ...placed.pod.containers.flatMap(({ field, container }) =>
      ['requests', 'limits'].flatMap((part) =>
        amountsAt(placed, `${field}.resources.${part}`, valueAt(container, 'resources', part)),
      ),
    ),
    ...itemsAt(placed.pod.spec, 'volumes').flatMap(([field, volume]) => {
      const value = valueAt(volume, 'emptyDir', 'sizeLimit');
      return value === undefined
        ? []
        : [{ subject: placed, field: `${placed.pod.field}.${field}.emptyDir.sizeLimit`, value }];
    }),
  ]);
  return [...inPods, ...program.subjects.flatMap(storageOf)];
}

function storageOf(subject: Subject): Amount[] {
  const { object, kind } = subject;
  switch (kind) {
    case 'core/PersistentVolume':
      return amountsAt(subject, 'spec.capacity', valueAt(object, 'spec', 'capacity'));
    case 'core/PersistentVolumeClaim':
      return amountsAt(subject, 'spec.resources.requests', valueAt(object, 'spec', 'resources', 'requests'));
    case 'apps/StatefulSet':
      return itemsAt(object, 'spec', 'volumeClaimTemplates').flatMap(([field, claim]) =>
        amountsAt(subject, `${field}.spec.resources.requests`, valueAt(claim, 'spec', 'resources', 'requests')),
      );
    default:
      return [];
  }
}

function amountsAt(subject: Subject, field: string, amounts: unknown): Amount[] {
  return entriesAt(amounts).map(([name, value]) => ({ subject, field: `${field}.${name}`, value }));
}
