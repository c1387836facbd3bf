import { TAG } from '../../app/image.js';
import type { Clock } from '../../base/clock.js';
import { StalledError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import type { BuildMemory, KnownBuild } from './build-memory.js';
import type { HostClient } from './host-client.js';
import type { HttpResponse } from './http.js';
import {
  ACCEPTED_MANIFESTS,
  isContainerImage,
  isForPlatform,
  manifestKindOf,
  parseCreated,
  pickPlatform,
} from './platform.js';
import type { ImageBuild } from './port.js';
import { digestOf, parseBody, verifyDigest } from './response.js';
import { imageConfigSchema, indexSchema, manifestKindSchema, manifestSchema } from './schema.js';

/** What reading builds works with. */
export interface BuildReader {
  readonly client: HostClient;
  readonly memory: BuildMemory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Which build is looked for. */
export interface BuildQuery {
  readonly repository: string;
  readonly tag: string;
  readonly platform: string;
  /** A tag that was looked at before counts as it was, without a request. */
  readonly remembered: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Manifest {
  readonly digest: string;
  readonly response: HttpResponse;
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A tag without a usable image is looked at again for so long: its index may be pushed a little later. */
const SETTLED_AFTER_MS = 3_600_000;

/**
 * The build behind a tag. A tag seen before costs nothing where that is enough, else one HEAD request while it stays where it was; a new one
 * costs its manifest, the platform's manifest where there is an index, and the configuration.
 */
export async function readBuild(reader: BuildReader, query: BuildQuery): Promise<ImageBuild | undefined> {
  const { memory, clock, logger } = reader;
  const { tag, platform } = query;
  if (!TAG.test(tag)) {
    return undefined;
  }
  const known = memory.tag(tag);
  const knownBuild = known === undefined ? undefined : memory.build(known.digest, platform);
  if (known !== undefined && knownBuild !== undefined) {
    const isSettled = knownBuild.kind === 'build' || clock.now() - known.seenAt > SETTLED_AFTER_MS;
    if ((query.remembered && isSettled) || (await headDigest(reader, query)) === known.digest) {
      return toImageBuild(knownBuild, known.digest, tag);
    }
  }
  const manifest = await readManifest(reader, query, tag);
  if (manifest === undefined) {
    memory.delete(tag);
    return undefined;
  }
  const { digest } = manifest;
  const build = memory.build(digest, platform) ?? (await resolveBuild(reader, query, manifest, true));
  memory.set(tag, { digest, seenAt: clock.now() }, platform, build);
  if (build.kind === 'none') {
    logger.info('a tag has no usable image', { image: memory.repository, tag, reason: build.reason });
  }
  return toImageBuild(build, digest, tag);
}

function toImageBuild(build: KnownBuild, digest: string, tag: string): ImageBuild | undefined {
  if (build.kind === 'none') {
    return undefined;
  }
  return { tag, digest, ...(build.createdAt === undefined ? {} : { createdAt: build.createdAt }) };
}

/** The digest that a tag points to, or undefined where the registry does not say by HEAD. */
async function headDigest(
  { client }: BuildReader,
  { repository, tag, signal }: BuildQuery,
): Promise<string | undefined> {
  const headers = { accept: ACCEPTED_MANIFESTS };
  const response = await client.send({
    method: 'HEAD',
    repository,
    path: `manifests/${tag}`,
    headers,
    maxBytes: 0,
    signal,
  });
  return response.status === 200 ? response.header('docker-content-digest') : undefined;
}

async function readManifest(
  { client }: BuildReader,
  { repository, signal }: BuildQuery,
  reference: string,
): Promise<Manifest | undefined> {
  const what = `the manifest ${reference} of ${repository}`;
  const headers = { accept: ACCEPTED_MANIFESTS };
  const response = await client.send({
    repository,
    path: `manifests/${reference}`,
    headers,
    maxBytes: MAX_MANIFEST_BYTES,
    signal,
  });
  if (response.status === 404) {
    return undefined;
  }
  if (response.status !== 200) {
    throw new StalledError('registry/invalid', `${what} was answered with status ${response.status}`);
  }
  const claimed = DIGEST.test(reference) ? reference : response.header('docker-content-digest');
  if (claimed?.startsWith('sha256:') === true) {
    verifyDigest(response.body, claimed, what);
  }
  return { digest: digestOf(response.body), response };
}

async function resolveBuild(
  reader: BuildReader,
  query: BuildQuery,
  { digest, response }: Manifest,
  mayBeIndex: boolean,
): Promise<KnownBuild> {
  const what = `the manifest ${digest} of ${query.repository}`;
  const kind = manifestKindOf(parseBody(manifestKindSchema, response, what), response.header('content-type'));
  if (kind === 'manifest') {
    return resolveConfig(reader, query, response, what);
  }
  if (kind === 'other' || !mayBeIndex) {
    return { kind: 'none', reason: 'its manifest is neither an OCI image nor a Docker image of schema 2' };
  }
  const picked = pickPlatform(parseBody(indexSchema, response, what), query.platform);
  const manifest = picked === undefined ? undefined : await readManifest(reader, query, picked);
  return manifest === undefined
    ? { kind: 'none', reason: `it has no image for ${query.platform}` }
    : resolveBuild(reader, query, manifest, false);
}

async function resolveConfig(
  { client }: BuildReader,
  query: BuildQuery,
  response: HttpResponse,
  what: string,
): Promise<KnownBuild> {
  const manifest = parseBody(manifestSchema, response, what);
  if (!isContainerImage(manifest)) {
    return { kind: 'none', reason: 'it is an artifact, not a container image' };
  }
  const { digest } = manifest.config;
  const blob = await client.send({
    repository: query.repository,
    path: `blobs/${digest}`,
    maxBytes: MAX_MANIFEST_BYTES,
    signal: query.signal,
  });
  if (blob.status !== 200) {
    return Promise.reject(
      new StalledError('registry/invalid', `${what} names a configuration that the registry does not have`),
    );
  }
  verifyDigest(blob.body, digest, `the configuration of ${what}`);
  const config = parseBody(imageConfigSchema, blob, `the configuration of ${what}`);
  const saysPlatform = Boolean(config.os) || Boolean(config.architecture);
  if (saysPlatform && !isForPlatform(config, query.platform)) {
    return { kind: 'none', reason: `it is for ${config.os}/${config.architecture}, not ${query.platform}` };
  }
  const createdAt = parseCreated(config.created);
  return { kind: 'build', ...(createdAt === undefined ? {} : { createdAt }) };
}
