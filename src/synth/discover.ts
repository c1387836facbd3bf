import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SynthFailure } from '../app/desired-state.js';
import { appNameSchema } from './schema.js';

/** The applications of a checkout. */
export interface Discovery {
  /** Names of folders below `apps/` that can be run, sorted. */
  readonly apps: readonly string[];
  /** Folders that look like an application and cannot be run, with the reason. */
  readonly refused: Readonly<Record<string, SynthFailure>>;
}

/**
 * Finds `apps/<name>/app.ts`. Files and hidden folders beside them are passed over. A folder without `app.ts` is refused and not passed over, so
 * that an application does not vanish by a misspelled file name.
 */
export async function discoverApps(directory: string): Promise<Discovery> {
  const root = await realpath(directory);
  const apps: string[] = [];
  const refused: Record<string, SynthFailure> = {};
  for (const name of await listFolders(join(root, 'apps'))) {
    const reason = await refusalOf(root, name);
    if (reason === undefined) {
      apps.push(name);
    } else {
      refused[name] = { message: reason, location: `apps/${name}` };
    }
  }
  return { apps, refused };
}

async function listFolders(folder: string): Promise<string[]> {
  const entries = await readFolder(folder);
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

async function refusalOf(root: string, name: string): Promise<string | undefined> {
  if (!appNameSchema.safeParse(name).success) {
    return `folder name is not a DNS label (a-z, 0-9, -; at most 63 characters): "${name}"`;
  }
  const folder = join(root, 'apps', name);
  const escaping = await findEscape(root, folder);
  if (escaping !== undefined) {
    return `symbolic link leaves the checkout: ${escaping.slice(root.length + 1)}`;
  }
  return (await isFile(join(folder, 'app.ts'))) ? undefined : 'folder has no app.ts; add it or remove the folder';
}

/** The first path at or below `path` that leads out of the checkout, or nowhere. */
async function findEscape(root: string, path: string): Promise<string | undefined> {
  const target = await ifThere(realpath(path));
  if (target === undefined || !target.startsWith(root + sep)) {
    return path;
  }
  for (const entry of await readFolder(path)) {
    const inner = join(path, entry.name);
    const isLeaf = !entry.isDirectory() && !entry.isSymbolicLink();
    const found = isLeaf ? undefined : await findEscapeOf(root, inner, entry);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

async function findEscapeOf(root: string, path: string, entry: Dirent): Promise<string | undefined> {
  if (entry.isDirectory()) {
    return findEscape(root, path);
  }
  const target = await ifThere(realpath(path));
  return target !== undefined && target.startsWith(root + sep) ? undefined : path;
}

async function readFolder(folder: string): Promise<Dirent[]> {
  return (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
}

async function isFile(path: string): Promise<boolean> {
  return (await ifThere(stat(path)))?.isFile() ?? false;
}

/** The result, or undefined where there is no such file or folder. */
async function ifThere<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') {
      return undefined;
    }
    throw error;
  }
}
