import { itemsAt, textAt, valueAt } from './fields.js';
import type { PodTemplate } from './pods.js';

/** A reference to a ConfigMap or Secret, or to one of its keys. */
export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** @default - the whole */
  readonly key?: string;
  readonly field: string;
}

/** How each place writes a reference: the field, the kind, and the field that holds the name. */
const WHOLE = [
  ['configMapRef', 'ConfigMap', 'name'],
  ['secretRef', 'Secret', 'name'],
] as const;
const ONE_KEY = [
  ['configMapKeyRef', 'ConfigMap', 'name'],
  ['secretKeyRef', 'Secret', 'name'],
] as const;
const VOLUME = [
  ['configMap', 'ConfigMap', 'name'],
  ['secret', 'Secret', 'secretName'],
] as const;
const PROJECTED = [
  ['configMap', 'ConfigMap', 'name'],
  ['secret', 'Secret', 'name'],
] as const;

/** The ConfigMaps, Secrets and keys without which a pod does not start. */
export function configReferencesOf(pod: PodTemplate): ConfigReference[] {
  const volumes = itemsAt(pod.spec, 'volumes').flatMap(([field, volume]) => volumeReferences(field, volume));
  const pullSecrets = itemsAt(pod.spec, 'imagePullSecrets').flatMap(([field, secret]) => {
    const name = textAt(secret, 'name');
    return name === undefined ? [] : [{ kind: 'Secret', name, field: `${field}.name` } as const];
  });
  return [
    ...[...volumes, ...pullSecrets].map((reference) => ({ ...reference, field: `${pod.field}.${reference.field}` })),
    ...pod.containers.flatMap(({ field, container }) =>
      [...environmentReferences(container), ...mountReferences(pod, container)].map((reference) => ({
        ...reference,
        field: `${field}.${reference.field}`,
      })),
    ),
  ];
}

type Place = readonly [source: string, kind: ConfigReference['kind'], nameField: string];

/** The reference in one of the places, unless it says that it need not be there. */
function referencesIn(field: string, holder: unknown, places: readonly Place[]): ConfigReference[] {
  return places.flatMap(([source, kind, nameField]) => {
    const name = textAt(holder, source, nameField);
    if (name === undefined || valueAt(holder, source, 'optional') === true) {
      return [];
    }
    const whole = { kind, name, field: `${field}.${source}` };
    const key = textAt(holder, source, 'key');
    const keys = itemsAt(valueAt(holder, source), 'items').map(([item, entry]) => ({
      ...whole,
      key: textAt(entry, 'key') ?? '',
      field: `${whole.field}.${item}.key`,
    }));
    return keys.length > 0 ? keys : [{ ...whole, ...(key !== undefined && { key }) }];
  });
}

function environmentReferences(container: unknown): ConfigReference[] {
  return [
    ...itemsAt(container, 'env').flatMap(([field, variable]) =>
      referencesIn(`${field}.valueFrom`, valueAt(variable, 'valueFrom'), ONE_KEY),
    ),
    ...itemsAt(container, 'envFrom').flatMap(([field, source]) => referencesIn(field, source, WHOLE)),
  ];
}

function volumeReferences(field: string, volume: unknown): ConfigReference[] {
  return [
    ...referencesIn(field, volume, VOLUME),
    ...itemsAt(volume, 'projected', 'sources').flatMap(([source, entry]) =>
      referencesIn(`${field}.${source}`, entry, PROJECTED),
    ),
  ];
}

/** A mount of one file of a ConfigMap or Secret: the key must be there, or the container gets an empty folder in its place. */
function mountReferences(pod: PodTemplate, container: unknown): ConfigReference[] {
  const volumes = new Map(itemsAt(pod.spec, 'volumes').map(([, volume]) => [textAt(volume, 'name'), volume]));
  return itemsAt(container, 'volumeMounts').flatMap(([field, mount]) => {
    const key = textAt(mount, 'subPath');
    const volume = volumes.get(textAt(mount, 'name'));
    const isWhole = VOLUME.some(([source]) => itemsAt(volume, source, 'items').length === 0);
    if (key === undefined || !isWhole) {
      return [];
    }
    return referencesIn(field, volume, VOLUME)
      .filter((reference) => reference.key === undefined)
      .map(({ kind, name }) => ({ kind, name, key, field: `${field}.subPath` }));
  });
}
