import type { DesiredState } from '../app/desired-state.js';
import { keyOf, type Manifest, type ObjectKey } from '../app/manifest.js';
import { resolveSecrets } from '../app/resolve-secrets.js';
import { differencesOf } from './compare.js';
import { normalize } from './normalize.js';
import type { SourceObject } from './source-object.js';

/** Why an application does not make the objects it should; empty when it does. */
export type Verdict = readonly string[];

/**
 * Compares what an application makes with what it was made from.
 * @param secrets the secret values by their full keys
 */
export function verifyApp(
  state: DesiredState,
  app: string,
  wanted: readonly SourceObject[],
  secrets: Readonly<Record<string, string>>,
): Verdict {
  const failure = state.failed[app];
  const made = state.apps[app];
  if (failure !== undefined || made === undefined) {
    return [failure?.message ?? 'it was not synthesized'];
  }
  const actual = new Map(made.objects.map((object) => [looseKey(object, made.namespace), object]));
  const verdict = wanted.flatMap(({ manifest }) => {
    const key = looseKey(manifest, made.namespace);
    const found = actual.get(key);
    actual.delete(key);
    return found === undefined
      ? [`${manifest.kind} ${manifest.metadata.name} is missing`]
      : differences(inNamespace(manifest, found), resolveSecrets(found, secrets));
  });
  return [...verdict, ...[...actual.values()].map(({ kind, metadata }) => `${kind} ${metadata.name} is too many`)];
}

function differences(wanted: Manifest, made: Manifest): string[] {
  return differencesOf(normalize(wanted), normalize(made)).map((path) => `${wanted.kind}: ${path}`);
}

/** An object without a namespace is in the application's, or in none where its kind has none. */
function inNamespace(wanted: Manifest, made: Manifest): Manifest {
  const { namespace: own, ...metadata } = wanted.metadata;
  const namespace = made.metadata.namespace === undefined ? undefined : (own ?? made.metadata.namespace);
  return { ...wanted, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } };
}

function looseKey(manifest: Manifest, namespace: string): ObjectKey {
  const { metadata } = manifest;
  return keyOf({ ...manifest, metadata: { ...metadata, namespace: metadata.namespace ?? namespace } });
}
