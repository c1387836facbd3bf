import type { Check } from './check.js';

/** A kind that no schema is known of: a mistyped field of its objects would be seen by the API server only. */
export const unknownKind: Check = {
  rule: 'unknown-kind',
  severity: 'warning',
  find: ({ apps }) =>
    apps.flatMap(({ name: app, objects, schema }) =>
      (schema?.unchecked ?? []).flatMap(({ kind, index, objects: count }) => {
        const object = objects[index];
        const which = count === 1 ? 'this object is' : `${count} objects are`;
        const message = `no schema of ${kind} is known, so ${which} not checked; put its CustomResourceDefinition into crds/`;
        return object === undefined ? [] : [{ app, object, field: 'kind', message }];
      }),
    ),
};
