import type { Check } from './check.js';

/** A field that the schema of the object's kind does not have, or whose value it does not allow. */
export const wrongField: Check = {
  rule: 'wrong-field',
  severity: 'error',
  find: ({ apps }) =>
    apps.flatMap(({ name: app, objects, schema }) =>
      (schema?.problems ?? []).flatMap(({ index, path, message }) => {
        const object = objects[index];
        return object === undefined ? [] : [{ app, object, field: path, message }];
      }),
    ),
};
