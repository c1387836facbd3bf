import { createHash } from 'node:crypto';
import type { AppWithFiles, SecretFiles } from '../app/secret-files.js';
import { secretKeysIn } from '../app/secret-marker.js';
import { findSopsReference, sopsPathOf, type SopsReference } from '../app/sops-reference.js';
import { StalledError } from '../base/errors.js';
import { decryptDataKey } from './data-key.js';
import { decryptDocument } from './decrypt.js';
import { parseSopsFile, type SopsFormat } from './document.js';
import { loadIdentities } from './identities.js';
import { damaged } from './problem.js';
import { renderFile, valueText } from './render.js';
import { isMap, type Tree, type TreeMap } from './tree.js';

/** A file's values; decrypted, where nothing else is said. */
export interface PlainFile {
  readonly format: SopsFormat;
  readonly values: TreeMap;
}

const KEPT_FILES = 256;

/** Decrypts with the age identities of an environment. What was decrypted is remembered by its encrypted text, in memory alone. */
export function createSecretFiles(env: Readonly<Record<string, string | undefined>>): SecretFiles {
  const known = new Map<string, PlainFile>();

  const decrypt = async (text: string, path: string): Promise<PlainFile> => {
    const hash = createHash('sha256').update(path).update('\0').update(text).digest('hex');
    const file = known.get(hash) ?? (await decryptSopsFile(text, path, env));
    known.delete(hash);
    known.set(hash, file);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > KEPT_FILES) {
      known.delete(oldest);
    }
    return file;
  };

  return {
    async valuesOf({ objects, encryptedFiles = {} }: AppWithFiles) {
      const values: Record<string, string> = {};
      for (const key of secretKeysIn(objects)) {
        const reference = findSopsReference(key);
        if (reference !== undefined) {
          const path = sopsPathOf(reference);
          const text = encryptedFiles[path];
          if (text === undefined) {
            throw damaged(path, 'is not part of this revision; add it to Git');
          }
          values[key] = pick(await decrypt(text, path), reference);
        }
      }
      return values;
    },
  };
}

/**
 * Decrypts one file.
 * @throws StalledError `sops/identity`, `sops/damaged`
 */
export async function decryptSopsFile(
  text: string,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PlainFile> {
  const document = parseSopsFile(text, path);
  const dataKey = await decryptDataKey(document.metadata, await loadIdentities(env), path);
  return { format: document.format, values: decryptDocument(document, dataKey, path) };
}

/** Whether a file has the value that a reference names. It may still be encrypted: names are not. */
export function hasValue({ format, values }: PlainFile, { path }: SopsReference): boolean {
  return textAt({ format, values }, path) !== undefined;
}

function textAt({ format, values }: PlainFile, path: readonly string[] | undefined): string | undefined {
  return path === undefined ? renderFile(values, format) : valueText(follow(values, path));
}

function pick(file: PlainFile, reference: SopsReference): string {
  const { path } = reference;
  const found = textAt(file, path);
  if (found === undefined) {
    const which = path === undefined ? 'content' : `value ${path.map((key) => JSON.stringify(key)).join(' > ')}`;
    const name = sopsPathOf(reference);
    throw new StalledError(
      'sops/unknown-key',
      `${name} has no ${which}; add it with: sops edit ${name}, or correct the application`,
    );
  }
  return found;
}

function follow(values: TreeMap, path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>((tree, key) => (isMap(tree) ? tree.get(key) : undefined), values);
}
