import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A pair of keys that images are signed with in tests. */
export interface SigningKey {
  readonly publicPem: string;
  /** Signs bytes as cosign does with this kind of key; base64. */
  sign(bytes: Buffer): string;
}

/** Kinds of keys that cosign signs with. */
export type KeyKind = 'P-256' | 'P-384' | 'RSA' | 'Ed25519';

/** Makes a new pair of keys. */
export function signingKey(kind: KeyKind = 'P-256'): SigningKey {
  const { publicKey, privateKey } = generate(kind);
  const hash = kind === 'Ed25519' ? null : kind === 'P-384' ? 'sha384' : 'sha256';
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(hash, bytes, privateKey).toString('base64'),
  };
}

/** Cosign's payload for an image's digest. */
export function simplePayload(digest: string, reference = 'ghcr.io/o/app'): Buffer {
  const image = { 'docker-manifest-digest': digest };
  const critical = { identity: { 'docker-reference': reference }, image, type: 'cosign container image signature' };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

/** Sigstore's bundle with a signed statement about an image's digest. */
export function signedBundle(
  key: SigningKey,
  digest: string,
  predicateType = 'https://sigstore.dev/cosign/sign/v1',
): Buffer {
  const type = 'application/vnd.in-toto+json';
  const [, sha256] = digest.split(':');
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [{ digest: { sha256 } }], predicateType };
  const body = Buffer.from(JSON.stringify(statement));
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} `), body]);
  return Buffer.from(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: 'x' } },
      dsseEnvelope: { payload: body.toString('base64'), payloadType: type, signatures: [{ sig: key.sign(signed) }] },
    }),
  );
}

function generate(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (kind) {
    case 'RSA':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'Ed25519':
      return generateKeyPairSync('ed25519');
    case 'P-256':
    case 'P-384':
      return generateKeyPairSync('ec', { namedCurve: kind });
  }
}
