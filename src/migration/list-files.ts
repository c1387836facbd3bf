import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../base/errors.js';
import { isFluxObject, KUSTOMIZATION_FILES } from './kustomization.js';

/** What a folder holds that may be imported. Paths are relative to it. */
export interface Listing {
  readonly files: readonly string[];
  /** Folders and files that are not read, and why. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

const MAX_FILES = 5000;
const MANIFEST_FILE = /\.(ya?ml|json)$/i;

/**
 * The manifest files of a folder, and of the folders in it, in the order of their paths. Hidden ones are passed over. A folder that has to
 * be built first, as a kustomization or a chart, is not read.
 * @throws ConfigError `config/invalid` when there are too many
 */
export async function listManifestFiles(folder: string, recurse: boolean, below = ''): Promise<Listing> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const files: string[] = [];
  const unread: { path: string; reason: string }[] = [];
  for (const entry of entries.filter(isWanted).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    const reason = await whyUnread(folder, path, entry);
    if (reason !== undefined) {
      unread.push({ path, reason });
    } else if (!entry.isDirectory()) {
      files.push(path);
    } else if (recurse) {
      const inner = await listManifestFiles(folder, recurse, path);
      files.push(...inner.files);
      unread.push(...inner.unread);
    }
    if (files.length > MAX_FILES) {
      throw new ConfigError('config/invalid', `${folder} has more than ${MAX_FILES} files; import parts of it`);
    }
  }
  return { files, unread };
}

/** What makes a folder one that has to be built; undefined for others. */
export async function builtBy(folder: string): Promise<'kustomize' | 'helm' | undefined> {
  const names = await readdir(folder);
  if (names.includes('Chart.yaml')) {
    return 'helm';
  }
  for (const name of KUSTOMIZATION_FILES.filter((one) => names.includes(one))) {
    if (!isFluxObject(await readFile(join(folder, name), 'utf8').catch(() => ''))) {
      return 'kustomize';
    }
  }
  return undefined;
}

async function whyUnread(folder: string, path: string, entry: Dirent): Promise<string | undefined> {
  if (entry.isSymbolicLink()) {
    return 'symbolic links are not followed';
  }
  const builder = entry.isDirectory() ? await builtBy(join(folder, path)) : undefined;
  switch (builder) {
    case 'kustomize':
      return `it is a kustomization: import it by itself, with \`prodesk import ${join(folder, path)}\``;
    case 'helm':
      return 'it is a Helm chart: import what `helm template` prints';
    case undefined:
      return undefined;
  }
}

/** Symbolic links may leave the folder or go in circles; those to manifests are worth a word. */
function isWanted(entry: Dirent): boolean {
  if (entry.name.startsWith('.')) {
    return false;
  }
  return entry.isDirectory()
    ? entry.name !== 'node_modules'
    : MANIFEST_FILE.test(entry.name) || (entry.isFile() && KUSTOMIZATION_FILES.includes(entry.name));
}
