import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConfigError } from '../../../base/errors.js';

/** Says whether a signature fits some bytes, by one of several public keys. */
export type SignatureCheck = (bytes: Buffer, signature: Buffer) => boolean;

const PEM = /-----BEGIN (?:RSA )?PUBLIC KEY-----[\s\S]*?-----END (?:RSA )?PUBLIC KEY-----/g;
const MIN_RSA_BITS = 2048;
const CURVE_HASHES: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ['sha256'],
  secp384r1: ['sha384', 'sha256'],
  secp521r1: ['sha512', 'sha256'],
};

/**
 * A check by the public keys of a PEM text; several are for the time when one takes the place of another.
 * @throws ConfigError `config/invalid` when there is none, or one that cannot be used
 */
export function signatureCheck(pem: string): SignatureCheck {
  const keys = [...pem.matchAll(PEM)].map(([text]) => readKey(text));
  if (keys.length === 0) {
    throw unusable('it holds no "-----BEGIN PUBLIC KEY-----"');
  }
  return (bytes, signature) => keys.some((fits) => fits(bytes, signature));
}

function readKey(text: string): SignatureCheck {
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch (cause) {
    throw unusable('it cannot be read', cause);
  }
  const hashes = hashesOf(key);
  return (bytes, signature) =>
    hashes.some((hash) => {
      try {
        return verify(hash, bytes, key, signature);
      } catch {
        // A signature of another form than the key's fits nothing.
        return false;
      }
    });
}

/** The hashes with which cosign signs by a kind of key; `null` where the kind has its own. */
function hashesOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): readonly (string | null)[] {
  if (type === 'ed25519') {
    return [null];
  }
  if (type === 'rsa') {
    if ((details?.modulusLength ?? 0) < MIN_RSA_BITS) {
      throw unusable(`an RSA key needs at least ${MIN_RSA_BITS} bits`);
    }
    return ['sha256'];
  }
  const hashes = type === 'ec' ? CURVE_HASHES[details?.namedCurve ?? ''] : undefined;
  if (hashes === undefined) {
    throw unusable('use an ECDSA (P-256, P-384, P-521), RSA or Ed25519 key');
  }
  return hashes;
}

function unusable(reason: string, cause?: unknown): ConfigError {
  return new ConfigError('config/invalid', `the public key of signatures cannot be used: ${reason}`, { cause });
}
