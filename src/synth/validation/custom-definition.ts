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
      : [[`${spec.group}/${name} ${spec.names.kind}`, schema.openAPIV3Schema] as const],
  );
}

interface CustomDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}
