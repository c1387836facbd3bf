import { createHash } from 'node:crypto';
import { StalledError } from '../base/errors.js';
import { BEHAVIOR_LABEL } from './pods/pod-status.js';
import type { ImageBehavior } from './pods/pod-status.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const ACCEPT = [MANIFEST, INDEX, 'application/vnd.docker.distribution.manifest.v2+json'].join(', ');

/** What the sandbox's node says it is. */
const NODE_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' };

/** An image to push: its content is nothing but its configuration. */
export interface ImageContent {
  /** The `created` time. @default now */
  readonly createdAt?: Date;
  /** More than one makes an index. @default linux/amd64 */
  readonly platforms?: readonly string[];
  /** @default run */
  readonly behavior?: Exclude<ImageBehavior, 'missing'>;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Pushes an image by the OCI distribution API.
 * @param endpoint such as `http://127.0.0.1:5000`
 * @returns the digest of what the tag points to
 * @throws StalledError `sandbox/failed` when the registry refuses
 */
export async function pushImage(
  endpoint: string,
  repository: string,
  tag: string,
  content: ImageContent = {},
): Promise<string> {
  const { platforms = ['linux/amd64'] } = content;
  const layer = await pushBlob(endpoint, repository, Buffer.from(`${repository}:${tag}`));
  const manifests = [];
  for (const platform of platforms) {
    const [os = 'linux', architecture = 'amd64'] = platform.split('/');
    const config = await pushBlob(endpoint, repository, jsonBuffer(configOf(os, architecture, layer.digest, content)));
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [{ ...layer, mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
    };
    manifests.push({ os, architecture, manifest });
  }
  const [only] = manifests;
  if (manifests.length === 1 && only !== undefined) {
    return putManifest(endpoint, repository, tag, MANIFEST, only.manifest);
  }
  const entries = [];
  for (const { os, architecture, manifest } of manifests) {
    const body = jsonBuffer(manifest);
    const digest = await putManifest(endpoint, repository, digestOf(body), MANIFEST, manifest);
    entries.push({ mediaType: MANIFEST, digest, size: body.length, platform: { os, architecture } });
  }
  return putManifest(endpoint, repository, tag, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: entries });
}

/** Removes a tag; gives false when it was not there. */
export async function deleteImage(endpoint: string, repository: string, tag: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/v2/${repository}/manifests/${tag}`, { method: 'DELETE' });
  return response.ok;
}

/**
 * What an image does when it runs, as a registry's configuration of it says.
 * @throws StalledError `sandbox/failed` when the registry answers something else than an image or that there is none
 */
export async function readBehavior(endpoint: string, repository: string, reference: string): Promise<ImageBehavior> {
  const manifest = await readJson<ManifestBody>(`${endpoint}/v2/${repository}/manifests/${reference}`);
  if (manifest === undefined) {
    return 'missing';
  }
  if (manifest.manifests !== undefined) {
    const fitting = manifest.manifests.find(
      ({ platform }) => platform?.os === NODE_PLATFORM.os && platform.architecture === NODE_PLATFORM.architecture,
    );
    return fitting === undefined ? 'missing' : readBehavior(endpoint, repository, fitting.digest);
  }
  const config = await readJson<ConfigBody>(`${endpoint}/v2/${repository}/blobs/${manifest.config?.digest ?? ''}`);
  const label = config?.config?.Labels?.[BEHAVIOR_LABEL];
  return label === 'crash' || label === 'never-ready' || label === 'oom' ? label : 'run';
}

interface Platform {
  readonly os: string;
  readonly architecture: string;
}

interface ManifestBody {
  readonly config?: { readonly digest: string };
  readonly manifests?: readonly { readonly digest: string; readonly platform?: Platform }[];
}

interface ConfigBody {
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null };
}

function configOf(os: string, architecture: string, layer: string, content: ImageContent): object {
  const { createdAt = new Date(), behavior, labels } = content;
  return {
    os,
    architecture,
    created: createdAt.toISOString(),
    config: { Labels: { ...labels, ...(behavior === undefined ? {} : { [BEHAVIOR_LABEL]: behavior }) } },
    rootfs: { type: 'layers', diff_ids: [layer] },
  };
}

async function pushBlob(
  endpoint: string,
  repository: string,
  body: Buffer,
): Promise<{ readonly digest: string; readonly size: number }> {
  const digest = digestOf(body);
  const upload = await fetch(`${endpoint}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  expectOk(upload, `upload to ${repository}`);
  const location = new URL(upload.headers.get('location') ?? '', endpoint);
  location.searchParams.set('digest', digest);
  const done = await fetch(location, { method: 'PUT', body: new Uint8Array(body) });
  expectOk(done, `blob of ${repository}`);
  return { digest, size: body.length };
}

async function putManifest(
  endpoint: string,
  repository: string,
  reference: string,
  mediaType: string,
  manifest: object,
): Promise<string> {
  const body = jsonBuffer(manifest);
  const response = await fetch(`${endpoint}/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: new Uint8Array(body),
  });
  expectOk(response, `manifest ${repository}:${reference}`);
  return digestOf(body);
}

async function readJson<T>(url: string): Promise<T | undefined> {
  const response = await fetch(url, { headers: { accept: ACCEPT } });
  if (response.status === 404) {
    return undefined;
  }
  expectOk(response, url);
  return (await response.json()) as T;
}

function expectOk(response: Response, what: string): void {
  if (!response.ok) {
    throw new StalledError('sandbox/failed', `the registry answered ${response.status} to ${what}`);
  }
}

function jsonBuffer(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
