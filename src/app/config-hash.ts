import { StalledError } from '../base/errors.js';
import { configReferencesOf, podTemplateOf, type PodTemplate } from './config-references.js';
import { configHashOf } from './fingerprint.js';
import type { Manifest } from './manifest.js';
import { resolveSecrets } from './resolve-secrets.js';
import { hasSecretMarker, HASH_MARKER, KEYED_HASH_MARKER, mapStrings, RESTART_KEY } from './secret-marker.js';
import { howToSet, missingSecret } from './set-secret.js';

/** The annotation on a pod template that changes with the ConfigMaps and Secrets that its pods read, so that they are restarted. */
export const CONFIG_HASH_ANNOTATION = 'prodesk.dev/config-hash';

const SHORTEST_KEY = 32;

/**
 * The objects of an application that asks for restarts: each workload that reads ConfigMaps or Secrets of the same application gets an annotation with
 * a stand-in for their hash. It says whether the hash needs a key, which it does as soon as a secret value goes into it.
 * @param namespace where objects are that name none
 */
export function markConfigHashes(objects: readonly Manifest[], namespace: string): readonly Manifest[] {
  const all = objects.map((object) => inNamespace(object, namespace));
  return objects.map((object, index) => {
    const template = podTemplateOf(object);
    const sources = template === undefined ? [] : sourcesOf(all[index] ?? object, template, all);
    const marker = sources.some(holdsSecret) ? KEYED_HASH_MARKER : HASH_MARKER;
    return template === undefined || sources.length === 0 ? object : annotate(object, template, marker);
  });
}

/**
 * The objects with stand-ins replaced by hashes over the ConfigMaps and Secrets that the pods read. Where secret values are in them the hash is keyed,
 * so that nobody can find a value by guessing.
 * @param values secret values by key, as {@link resolveSecrets} takes them, with the restart key
 * @throws StalledError `config/missing` when a value or the restart key is not there; `config/invalid` when the key is too short to be one
 */
export function withConfigHashes(
  objects: readonly Manifest[],
  values: Readonly<Record<string, string>>,
): readonly Manifest[] {
  return objects.map((object) => {
    const template = podTemplateOf(object);
    const marker = template?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
    if (template === undefined || (marker !== HASH_MARKER && marker !== KEYED_HASH_MARKER)) {
      return object;
    }
    const sources = sourcesOf(object, template, objects).map((source) => contentOf(resolveSecrets(source, values)));
    return annotate(object, template, configHashOf(sources, marker === HASH_MARKER ? '' : restartKey(values)));
  });
}

function restartKey(values: Readonly<Record<string, string>>): string {
  const key = values[RESTART_KEY];
  if (key === undefined) {
    throw new StalledError('config/missing', missingSecret(RESTART_KEY));
  }
  if (key.length < SHORTEST_KEY) {
    throw new StalledError(
      'config/invalid',
      `secret prodesk:${RESTART_KEY} has fewer than ${SHORTEST_KEY} characters, so that hashes of secrets could be guessed; set another one with: ${howToSet(RESTART_KEY)}`,
    );
  }
  return key;
}

function inNamespace(object: Manifest, namespace: string): Manifest {
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace } };
}

/** The application's own ConfigMaps and Secrets that a workload's pods read. */
function sourcesOf(workload: Manifest, template: PodTemplate, objects: readonly Manifest[]): Manifest[] {
  return configReferencesOf(template).flatMap(({ kind, name }) =>
    objects.filter(
      (object) =>
        object.apiVersion === 'v1' &&
        object.kind === kind &&
        object.metadata.name === name &&
        object.metadata.namespace === workload.metadata.namespace,
    ),
  );
}

function holdsSecret(source: Manifest): boolean {
  let found = false;
  mapStrings(contentOf(source), (text) => {
    found ||= hasSecretMarker(text);
    return text;
  });
  return found;
}

/** What pods see of a ConfigMap or Secret. */
function contentOf({ kind, metadata, data, stringData, binaryData }: Manifest): object {
  return { kind, name: metadata.name, data, stringData, binaryData };
}

function annotate(object: Manifest, template: PodTemplate, value: string): Manifest {
  const annotations = { ...template.metadata?.annotations, [CONFIG_HASH_ANNOTATION]: value };
  const marked: PodTemplate = { ...template, metadata: { ...template.metadata, annotations } };
  return { ...object, spec: { ...(object.spec as object), template: marked } };
}
