import { canonicalJson } from '../app/canonical-json.js';
import type { Manifest } from '../app/manifest.js';
import { type Fields, fieldsOf, isFields, listOf } from './normal-fields.js';
import { encryptedFileName } from './sops-name.js';
import type { EncryptedSecret } from './source-object.js';

const FIELDS = ['data', 'stringData'] as const;
/** The largest file that a synthesis takes. */
const MAX_BYTES = 2 ** 20;

/** Whether SOPS encrypted the object's values: it left its own key beside them. */
export function isEncrypted(manifest: Manifest): boolean {
  return manifest.kind === 'Secret' && isFields(manifest.sops);
}

/** The encrypted Secret with a stand-in as each value, and without what SOPS added: nobody knows the values before deployment. */
export function withStandIns(manifest: Manifest): Manifest {
  const { sops: _, data, stringData, ...rest } = manifest;
  const standIns = (values: unknown, make: (key: string) => string): Fields =>
    Object.fromEntries(Object.keys(fieldsOf(values)).map((key) => [key, make(key)]));
  return {
    ...rest,
    ...(data === undefined ? {} : { data: standIns(data, (key) => Buffer.from(standIn(key)).toString('base64')) }),
    ...(stringData === undefined ? {} : { stringData: standIns(stringData, standIn) }),
  };
}

function standIn(key: string): string {
  return `encrypted value of ${key}`;
}

/** What tells an encrypted Secret from every other one, wherever it is copied to. */
export function ciphertextOf(manifest: Manifest): string {
  return canonicalJson(FIELDS.map((field) => manifest[field] ?? null));
}

/**
 * The file as one that `context.sops` reads, beside the application; undefined where it cannot: it holds several documents, or is not
 * encrypted for age.
 * @param file its path
 */
export function encryptedSecretOf(manifest: Manifest, file: string, text: string, documents: number): EncryptedSecret {
  const isForAge = listOf(fieldsOf(manifest.sops).age).length > 0;
  const name = encryptedFileName(file, manifest.metadata.name);
  const isUsable = isForAge && documents === 1 && name !== undefined && Buffer.byteLength(text) <= MAX_BYTES;
  return { ciphertext: ciphertextOf(manifest), ...(isUsable ? { file: { path: name, text } } : {}) };
}
