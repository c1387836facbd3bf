import { isObject, objectAt, textAt, type JsonObject } from './json.js';
import { apiVersionOf, type Kind, type ObjectName } from './kind.js';

const SERVER_FIELDS = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
const SERVER_ANNOTATIONS = ['deployment.kubernetes.io/revision', 'kubectl.kubernetes.io/last-applied-configuration'];

/**
 * The object as it is sent and compared: without fields that only the server writes, with the `stringData` of a Secret
 * as `data` (the server does the same, but forgets who owns it).
 */
export function manifestOf(inputs: JsonObject, kind: Kind): JsonObject {
  const metadata = Object.fromEntries(
    Object.entries(objectAt(inputs, 'metadata')).filter(([key]) => !SERVER_FIELDS.includes(key)),
  );
  const object: JsonObject = { ...inputs, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
  const { stringData } = object;
  if (kind.group !== '' || kind.kind !== 'Secret' || !isObject(stringData)) {
    return object;
  }
  delete object['stringData'];
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value,
  ]);
  return { ...object, data: { ...objectAt(object, 'data'), ...(Object.fromEntries(encoded) as JsonObject) } };
}

/** What someone would have written to get a live object: without status and what only the server writes. */
export function inputsOfLive(live: JsonObject, kind: Kind): JsonObject {
  const object = manifestOf(live, kind);
  delete object['status'];
  const metadata = { ...objectAt(object, 'metadata') };
  const annotations = Object.fromEntries(
    Object.entries(objectAt(metadata, 'annotations')).filter(([key]) => !SERVER_ANNOTATIONS.includes(key)),
  );
  delete metadata['annotations'];
  return {
    ...object,
    metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
  };
}

/** The manifest with its place in the cluster written into it. */
export function placedAt(manifest: JsonObject, name: ObjectName): JsonObject {
  const metadata = { ...objectAt(manifest, 'metadata'), name: name.name };
  delete (metadata as JsonObject)['namespace'];
  return {
    ...manifest,
    metadata: name.namespace === undefined ? metadata : { ...metadata, namespace: name.namespace },
  };
}

/** The value of an annotation; undefined when it is not there or empty. */
export function annotationOf(object: JsonObject, annotation: string): string | undefined {
  return textAt(objectAt(objectAt(object, 'metadata'), 'annotations'), annotation);
}

/** The name in an object's metadata; undefined when it has none yet. */
export function nameIn(object: JsonObject): string | undefined {
  return textAt(objectAt(object, 'metadata'), 'name');
}

/** The namespace in an object's metadata; undefined when it has none. */
export function namespaceIn(object: JsonObject): string | undefined {
  return textAt(objectAt(object, 'metadata'), 'namespace');
}
