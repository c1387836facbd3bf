import type { Manifest } from './manifest.js';

/** Where the API server keeps a kind's objects. */
export interface ResourceName {
  /** Empty text for the core group. */
  readonly group: string;
  /** Such as `configmaps`. */
  readonly resource: string;
}

/** Names the resources of kinds: as the definitions among the objects say, else by the rule that Kubernetes' own tools guess by. */
export function resourceNames(objects: readonly Manifest[]): (object: Manifest) => ResourceName {
  const defined = new Map(objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(pluralOf));
  return ({ apiVersion, kind }) => {
    const [first = '', version] = apiVersion.split('/');
    const group = version === undefined ? '' : first;
    return { group, resource: defined.get(`${group}/${kind}`) ?? guessPlural(kind) };
  };
}

function pluralOf({ spec }: Manifest): readonly [string, string] {
  const { group, names } = spec as {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
  };
  return [`${group}/${names.kind}`, names.plural];
}

function guessPlural(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') {
    return name;
  }
  if (/[^aeiou]y$/.test(name)) {
    return `${name.slice(0, -1)}ies`;
  }
  return /(s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
