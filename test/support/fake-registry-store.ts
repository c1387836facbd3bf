import { createHash } from 'node:crypto';

/** What the registry puts behind a tag. */
export interface FakeImageOptions {
  /** The `created` time of the configuration. `null` leaves it out. @default 2026-01-01T00:00:00Z */
  readonly createdAt?: string | Date | null;
  /** With more than one an index is made; the image of each platform has the same time. @default linux/amd64 */
  readonly platforms?: readonly string[];
  /** Make an index for one platform too. @default false */
  readonly index?: boolean;
  /** Put a build attestation (platform unknown/unknown) first into the index. @default false */
  readonly attestation?: boolean;
  /** `schema1`: what Docker made before 2016. `artifact`: a signature. @default oci */
  readonly format?: 'oci' | 'docker' | 'schema1' | 'artifact';
}

/** A layer of an artifact that goes with an image, such as a signature. */
export interface FakeLayer {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};
const DOCKER = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};
/** The digest of tags and layers whose content nobody asks for. */
export const ZERO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** Contents by digest, and the tags and referrers that lead to them. */
export function createStore() {
  const contents = new Map<string, Content>();
  const repositories = new Map<string, Map<string, string>>();
  const put = (type: string, value: unknown): { mediaType: string; digest: string; size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    contents.set(digest, { type, bytes });
    return { mediaType: type, digest, size: bytes.length };
  };
  const tagsOf = (repository: string): Map<string, string> => {
    const tags = repositories.get(repository) ?? new Map<string, string>();
    repositories.set(repository, tags);
    return tags;
  };
  const putImage = (
    repository: string,
    tag: string,
    platform: string,
    { createdAt = '2026-01-01T00:00:00Z', format = 'oci' }: FakeImageOptions,
  ) => {
    const types = format === 'docker' ? DOCKER : OCI;
    const [os, architecture, variant] = platform.split('/');
    const created = createdAt instanceof Date ? createdAt.toISOString() : createdAt;
    const labels = { repository, tag };
    const config = put(types.config, {
      ...(created === null ? {} : { created }),
      os,
      architecture,
      variant,
      config: { Labels: labels },
    });
    const layerType = format === 'artifact' ? 'application/vnd.dev.cosign.simplesigning.v1+json' : types.layer;
    const layers = [{ mediaType: layerType, digest: ZERO_DIGEST, size: 0 }];
    return put(types.manifest, { schemaVersion: 2, mediaType: types.manifest, config, layers });
  };
  const putArtifact = (layers: readonly FakeLayer[]) => {
    const stored = layers.map(({ mediaType, bytes, annotations }) => {
      const digest = digestOf(bytes);
      contents.set(digest, { type: mediaType, bytes });
      return { mediaType, digest, size: bytes.length, annotations };
    });
    const config = put('application/vnd.oci.empty.v1+json', {});
    return put(OCI.manifest, { schemaVersion: 2, mediaType: OCI.manifest, config, layers: stored });
  };
  const referrers = new Map<string, object[]>();
  const indexOf = (manifests: readonly object[]) => ({ schemaVersion: 2, mediaType: OCI.index, manifests });
  const addReferrer = (repository: string, digest: string, artifact: object, byTag: boolean): void => {
    if (byTag) {
      tagsOf(repository).set(digest.replace(':', '-'), put(OCI.index, indexOf([artifact])).digest);
    } else {
      referrers.set(digest, [...(referrers.get(digest) ?? []), artifact]);
    }
  };
  const referrersOf = (digest: string): object | undefined => {
    const known = referrers.get(digest);
    return known === undefined ? undefined : indexOf(known);
  };
  const addImage = (repository: string, tag: string, options: FakeImageOptions): string => {
    const { platforms = ['linux/amd64'], index = platforms.length > 1, attestation = false, format = 'oci' } = options;
    let top: { digest: string };
    if (format === 'schema1') {
      top = put('application/vnd.docker.distribution.manifest.v1+prettyjws', {
        schemaVersion: 1,
        name: repository,
        tag,
      });
    } else if (index || attestation) {
      const types = format === 'docker' ? DOCKER : OCI;
      const images = platforms.map((platform) => ({
        ...putImage(repository, tag, platform, options),
        platform: platformOf(platform),
      }));
      const extra = attestation
        ? [{ ...putImage(repository, tag, 'unknown/unknown', options), platform: platformOf('unknown/unknown') }]
        : [];
      top = put(types.index, { schemaVersion: 2, mediaType: types.index, manifests: [...extra, ...images] });
    } else {
      top = putImage(repository, tag, platforms[0] ?? 'linux/amd64', options);
    }
    tagsOf(repository).set(tag, top.digest);
    return top.digest;
  };
  return { contents, repositories, tagsOf, addImage, putArtifact, addReferrer, referrersOf };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function platformOf(platform: string): Record<string, string | undefined> {
  const [os, architecture, variant] = platform.split('/');
  return { os, architecture, variant };
}
