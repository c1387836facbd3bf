import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { DesiredApp, DesiredState, SynthFailure } from '../app/desired-state.js';
import { secretKeysIn } from '../app/secret-marker.js';
import { findSopsReference, sopsPathOf } from '../app/sops-reference.js';

const LARGEST_FILE = 1024 * 1024;
/** What every file has that SOPS encrypted. */
const ENCRYPTED = /\bENC\[AES256_GCM,/;

/**
 * The state with the encrypted text of the files that its applications refer to. They are decrypted where the applications are deployed. An
 * application whose file is not there, or not encrypted, fails.
 * @param directory the checkout's real path
 */
export async function attachEncryptedFiles(state: DesiredState, directory: string): Promise<DesiredState> {
  const apps: Record<string, DesiredApp> = {};
  const failed: Record<string, SynthFailure> = { ...state.failed };
  for (const [name, app] of Object.entries(state.apps)) {
    const files = await readFiles(filesOf(app), directory);
    if ('failure' in files) {
      failed[name] = files.failure;
    } else {
      apps[name] = Object.keys(files.texts).length === 0 ? app : { ...app, encryptedFiles: files.texts };
    }
  }
  return { ...state, apps, failed };
}

function filesOf({ objects }: DesiredApp): string[] {
  const references = secretKeysIn(objects).flatMap((key) => findSopsReference(key) ?? []);
  return [...new Set(references.map(sopsPathOf))];
}

async function readFiles(
  paths: readonly string[],
  root: string,
): Promise<{ readonly texts: Readonly<Record<string, string>> } | { readonly failure: SynthFailure }> {
  const texts: Record<string, string> = {};
  for (const path of paths) {
    const file = await findFile(join(root, path), root);
    if (file === undefined) {
      return failed(path, `there is no file ${path}; write it with: sops edit ${path}`);
    }
    if (file.size > LARGEST_FILE) {
      return failed(path, `${path} is larger than 1 MiB; split it`);
    }
    const text = await readFile(file.path, 'utf8');
    if (!ENCRYPTED.test(text)) {
      return failed(path, `${path} is not encrypted; encrypt it with: sops encrypt --in-place ${path}`);
    }
    texts[path] = text;
  }
  return { texts };
}

function failed(location: string, message: string): { readonly failure: SynthFailure } {
  return { failure: { message, location } };
}

/** A file of the checkout; links must not lead out of it. */
async function findFile(
  path: string,
  root: string,
): Promise<{ readonly path: string; readonly size: number } | undefined> {
  try {
    const real = await realpath(path);
    const { size } = await stat(real);
    return real.startsWith(root + sep) ? { path: real, size } : undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') {
      return undefined;
    }
    throw error;
  }
}
