import type { ImageIndex, ImageManifest, Platform } from './schema.js';

const INDEX_TYPES = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const MANIFEST_TYPES = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);
const CONFIG_TYPES = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);
const LAYER_TYPE = /^application\/vnd\.(oci\.image\.layer|docker\.image\.rootfs)\./;

/** What a registry is asked for: everything that we can read. */
export const ACCEPTED_MANIFESTS = [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');

/** The kind of a manifest, by its media type or, without one, by its shape. `other` includes Docker's schema 1. */
export function manifestKindOf(
  body: { schemaVersion?: number | undefined; mediaType?: string | undefined; manifests?: unknown },
  contentType: string | undefined,
): 'index' | 'manifest' | 'other' {
  if (body.schemaVersion === 1) {
    return 'other';
  }
  const type = body.mediaType ?? contentType?.split(';')[0]?.trim() ?? '';
  if (INDEX_TYPES.has(type)) {
    return 'index';
  }
  if (MANIFEST_TYPES.has(type)) {
    return 'manifest';
  }
  const hasNoType = type === '' || type === 'application/json';
  return hasNoType && body.schemaVersion === 2 ? (body.manifests === undefined ? 'manifest' : 'index') : 'other';
}

/** The digest of the manifest for a platform such as `linux/amd64` or `linux/arm/v7`; attestations (`unknown/unknown`) match none. */
export function pickPlatform(index: ImageIndex, platform: string): string | undefined {
  const candidates = index.manifests.filter(
    ({ mediaType }) => mediaType === undefined || MANIFEST_TYPES.has(mediaType),
  );
  return candidates.find((candidate) => candidate.platform && isForPlatform(candidate.platform, platform))?.digest;
}

/** Whether an image for one platform is the one asked for. A variant counts only where both sides name one. */
export function isForPlatform(actual: Platform, platform: string): boolean {
  const [os, architecture, variant] = platform.split('/');
  const sameVariant = variant === undefined || !actual.variant || actual.variant === variant;
  return actual.os === os && actual.architecture === architecture && sameVariant;
}

/** Whether a manifest is a container image, and not a signature, an attestation or another artifact. */
export function isContainerImage({ config, layers }: ImageManifest): boolean {
  const hasConfig = config.mediaType === undefined || CONFIG_TYPES.has(config.mediaType);
  return hasConfig && (layers ?? []).every(({ mediaType }) => mediaType === undefined || LAYER_TYPE.test(mediaType));
}

/** The time of a build in milliseconds since the epoch; undefined for a missing, unreadable or zero (year 1) time. */
export function parseCreated(created: string | null | undefined): number | undefined {
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) || time < 0 ? undefined : time;
}
