import { StalledError } from '../../../base/errors.js';
import type { HostClient } from '../host-client.js';
import type { HttpResponse } from '../http.js';
import { ACCEPTED_MANIFESTS } from '../platform.js';
import type { Verification } from '../port.js';
import { parseBody, verifyDigest } from '../response.js';
import { referrersSchema, signatureManifestSchema } from '../schema.js';
import type { SignatureManifest } from '../schema.js';
import { judgeBundle, judgePayload } from './claims.js';
import type { Worth } from './claims.js';
import type { SignatureCheck } from './public-key.js';

/** Which image is looked at, and by which keys. */
export interface ImageToVerify {
  readonly client: HostClient;
  readonly repository: string;
  /** Of what the tag points to: of the index, where there is one. */
  readonly digest: string;
  readonly fits: SignatureCheck;
  readonly signal?: AbortSignal | undefined;
}

const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\.v0\.\d+\+json$/;
/** What signatures are listed as. The last one is what some versions of cosign list for bundles, because of the empty configuration. */
const ARTIFACTS: readonly RegExp[] = [
  /^application\/vnd\.dev\.cosign\.(artifact\.sig|simplesigning)\.v1\+json$/,
  BUNDLE,
  /^application\/vnd\.oci\.empty\.v1\+json$/,
];
const MAX_BYTES = 1024 * 1024;
const MAX_REFERRERS = 50;

/**
 * Looks for a signature of an image by cosign: behind the tag `sha256-<digest>.sig`, then among the image's referrers. One good one is enough.
 * @throws as requests to a registry fail: what cannot be read is not taken for unsigned
 */
export async function verifyImage(image: ImageToVerify): Promise<Verification> {
  const found: Worth[] = [];
  for (const source of [bySignatureTag, byReferrers]) {
    for await (const worth of source(image)) {
      if (worth === 'good') {
        return { kind: 'verified' };
      }
      found.push(worth);
    }
  }
  return { kind: 'refused', reason: reasonOf(found) };
}

function reasonOf(found: readonly Worth[]): string {
  if (found.length === 0) {
    return 'it has no signature';
  }
  return found.includes('wrong-image')
    ? 'its signature was made for another image'
    : `no signature of its ${found.length} fits the public key`;
}

async function* bySignatureTag(image: ImageToVerify): AsyncGenerator<Worth> {
  const response = await read(image, `manifests/${tagOf(image.digest)}.sig`);
  if (response !== undefined) {
    yield* judgeManifest(image, parse(image, response));
  }
}

async function* byReferrers(image: ImageToVerify): AsyncGenerator<Worth> {
  const response =
    (await read(image, `referrers/${image.digest}`)) ?? (await read(image, `manifests/${tagOf(image.digest)}`));
  if (response === undefined) {
    return;
  }
  const { manifests } = parseBody(referrersSchema, response, `the referrers of ${image.digest}`);
  const signatures = manifests.filter(
    ({ artifactType: type }) => type === undefined || ARTIFACTS.some((known) => known.test(type)),
  );
  for (const { digest } of signatures.slice(0, MAX_REFERRERS)) {
    const manifest = await read(image, `manifests/${digest}`);
    if (manifest !== undefined) {
      verifyDigest(manifest.body, digest, `the referrer ${digest}`);
      yield* judgeManifest(image, parse(image, manifest));
    }
  }
}

async function* judgeManifest(image: ImageToVerify, { layers }: SignatureManifest): AsyncGenerator<Worth> {
  const { digest, fits } = image;
  for (const layer of layers) {
    const signature = layer.annotations?.[SIGNATURE];
    if (layer.mediaType === SIMPLE_SIGNING && signature !== undefined) {
      yield judgePayload(await readBlob(image, layer.digest), signature, digest, fits);
    } else if (BUNDLE.test(layer.mediaType ?? '')) {
      const worth = judgeBundle(await readBlob(image, layer.digest), digest, fits);
      if (worth !== undefined) {
        yield worth;
      }
    }
  }
}

function parse({ digest }: ImageToVerify, response: HttpResponse): SignatureManifest {
  return parseBody(signatureManifestSchema, response, `a signature of ${digest}`);
}

async function readBlob(image: ImageToVerify, digest: string): Promise<Buffer> {
  const response = await read(image, `blobs/${digest}`);
  if (response === undefined) {
    throw new StalledError('registry/invalid', `a signature of ${image.digest} names content that is not there`);
  }
  verifyDigest(response.body, digest, `a signature of ${image.digest}`);
  return response.body;
}

/** Undefined where the registry has no such thing, or does not know the question. */
async function read({ client, repository, signal }: ImageToVerify, path: string): Promise<HttpResponse | undefined> {
  const headers = { accept: path.startsWith('blobs/') ? '*/*' : ACCEPTED_MANIFESTS };
  const response = await client.send({ repository, path, headers, maxBytes: MAX_BYTES, signal });
  return response.status === 200 ? response : undefined;
}

function tagOf(digest: string): string {
  return digest.replace(':', '-');
}
