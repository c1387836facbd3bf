import { groupOf } from '../../app/manifest.js';
import { isFields, type Schema } from './open-api.js';

/** Whether an object defines custom resources. */
export function isCustomDefinition(object: unknown): boolean {
  return (
    isFields(object) &&
    object.kind === 'CustomResourceDefinition' &&
    typeof object.apiVersion === 'string' &&
    groupOf(object.apiVersion) === 'apiextensions.k8s.io'
  );
}

/**
 * The schemas of a CustomResourceDefinition's versions, such as `example.com/v1 Thing`. A version without a schema has none here.
 * @param definition one in which nothing is wrong
 */
export function customSchemasOf(definition: unknown): (readonly [kind: string, schema: Schema])[] {
  const { spec } = definition as CustomDefinition;
  return spec.versions.flatMap(({ name, schema }) =>
    schema?.openAPIV3Schema === undefined
      ? []
      : [[`${spec.group}/${name} ${spec.names.kind}`, withoutNulls(schema.openAPIV3Schema)] as const],
  );
}

/** What is null in a schema is not set. Lists of items, which no API server takes, are left out as well. */
function withoutNulls(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    const isUnset = value === null || (key === 'items' && !isFields(value));
    const set = Array.isArray(value) ? value.filter((one) => one !== undefined) : value;
    return isUnset ? undefined : set;
  }) as Schema;
}

interface CustomDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}
