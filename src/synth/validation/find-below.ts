import { isFields, type Schema } from './open-api.js';

const DEPTH = 4;

/**
 * Where below a schema a field of this name is, nearest first, such as `template.spec` for `containers` below a Deployment's `spec`.
 * @param resolve gives what stands behind a reference
 */
export function findBelow(schema: Schema, name: string, resolve: (schema: Schema) => Schema): string | undefined {
  let level: readonly (readonly [path: string, schema: Schema])[] = [['', schema]];
  const seen = new Set<Schema>([schema]);
  for (let depth = 0; depth < DEPTH; depth += 1) {
    level = level.flatMap(([path, one]) =>
      Object.entries(one.properties ?? {}).map(([field, inner]) =>
        intoItems(path === '' ? field : `${path}.${field}`, resolve(inner), resolve),
      ),
    );
    level = level.filter(([, one]) => !seen.has(one) && seen.add(one));
    const found = level.find(([, { properties = {} }]) => Object.hasOwn(properties, name));
    if (found !== undefined) {
      return found[0];
    }
  }
  return undefined;
}

function intoItems(path: string, schema: Schema, resolve: (schema: Schema) => Schema): readonly [string, Schema] {
  return isFields(schema.items) ? [`${path}[]`, resolve(schema.items)] : [path, schema];
}
