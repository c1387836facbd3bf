/** A resource of the definition below, without a `spec`. */
export const THING = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' } };

/** The definition of a namespaced kind Thing with this schema. */
export function definitionOfThing(openAPIV3Schema: object) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
