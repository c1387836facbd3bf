import type { Decrypter } from 'age-encryption';
import { StalledError } from '../base/errors.js';
import type { Identities } from './identities.js';
import type { SopsMetadata } from './metadata.js';
import { damaged } from './problem.js';

const KEY_BYTES = 32;
const NO_MATCH = /no identity matched/;

/**
 * Decrypts the key that a file's values are encrypted with. The library is loaded only here, by those who have such files.
 * @throws StalledError `sops/identity` when there is no identity or none is a recipient; `sops/damaged` when the key cannot be read
 */
export async function decryptDataKey(
  { age }: SopsMetadata,
  { keys, places }: Identities,
  file: string,
): Promise<Uint8Array> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  if (keys.filter((key) => addIdentity(decrypter, key)).length === 0) {
    throw new StalledError(
      'sops/identity',
      `${file} is encrypted, and there is no age identity to decrypt it with; put one into ${places.join(' or ')}`,
    );
  }
  for (const { enc } of age ?? []) {
    const key = await decryptOne(() => decrypter.decrypt(armor.decode(enc)), file);
    if (key !== undefined) {
      return key;
    }
  }
  throw new StalledError(
    'sops/identity',
    `${file} is encrypted for none of the age identities at hand; add a recipient to .sops.yaml and run: sops updatekeys ${file}`,
  );
}

/** Identities of other kinds, such as those of plugins, are passed over. */
function addIdentity(decrypter: Decrypter, key: string): boolean {
  try {
    decrypter.addIdentity(key);
    return true;
  } catch (error) {
    if (error instanceof Error) {
      return false;
    }
    throw error;
  }
}

async function decryptOne(decrypt: () => Promise<Uint8Array>, file: string): Promise<Uint8Array | undefined> {
  let key: Uint8Array;
  try {
    key = await decrypt();
  } catch (error) {
    if (error instanceof Error && NO_MATCH.test(error.message)) {
      return undefined;
    }
    throw damaged(file, 'has a data key that cannot be read; restore it from Git');
  }
  if (key.length !== KEY_BYTES) {
    throw damaged(file, 'has a data key of the wrong length; restore it from Git');
  }
  return key;
}
