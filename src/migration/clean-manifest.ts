import type { Manifest } from '../app/manifest.js';
import { isFields } from './normal-fields.js';

/** Metadata that the API server writes. */
const SERVER_METADATA = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink', 'managedFields'];
/** Annotations that clients and controllers write on live objects. `last-applied` may repeat secret values. */
const LIVE_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'control-plane.alpha.kubernetes.io/leader',
  'argocd.argoproj.io/tracking-id',
];

/** An object without what the API server and its controllers wrote, and what was left out. */
export function cleanManifest(manifest: Manifest): {
  readonly manifest: Manifest;
  readonly dropped: readonly string[];
} {
  const { apiVersion, kind, metadata, status, ...rest } = withTexts(manifest);
  const annotations = without(metadata.annotations ?? {}, LIVE_ANNOTATIONS);
  const kept = without(metadata, [...SERVER_METADATA, 'annotations']);
  const live = [...SERVER_METADATA, 'annotations'].filter((field) => isLive(metadata, field, annotations));
  return {
    manifest: withoutEmptyTimes({
      apiVersion,
      kind,
      metadata: {
        ...kept,
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      } as Manifest['metadata'],
      ...rest,
    }),
    dropped: [...(isEmpty(status) ? [] : ['status']), ...live.map((field) => `metadata.${field}`)],
  };
}

/** A value of a Secret or ConfigMap that is null is an empty text to the API server. */
function withTexts(manifest: Manifest): Manifest {
  if (manifest.apiVersion !== 'v1' || !['Secret', 'ConfigMap'].includes(manifest.kind)) {
    return manifest;
  }
  const maps = ['data', 'stringData'].flatMap((field) => {
    const value = manifest[field];
    return isFields(value)
      ? [[field, Object.fromEntries(Object.entries(value).map(([key, text]) => [key, text ?? '']))] as const]
      : [];
  });
  return { ...manifest, ...Object.fromEntries(maps) };
}

function isLive(metadata: Manifest['metadata'], field: string, kept: object): boolean {
  return field === 'annotations'
    ? Object.keys(metadata.annotations ?? {}).length > Object.keys(kept).length
    : metadata[field] !== undefined && metadata[field] !== null;
}

/** Tools that print Go structures leave `creationTimestamp: null` in templates too. */
function withoutEmptyTimes<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => withoutEmptyTimes(item)) as T;
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !(key === 'creationTimestamp' && item === null))
      .map(([key, item]) => [key, withoutEmptyTimes(item as unknown)]),
  ) as T;
}

function without(record: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
