import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { keyOf, type ObjectKey } from '../app/manifest.js';
import { ConfigError } from '../base/errors.js';
import { KUSTOMIZATION_FILES } from './kustomization.js';
import { parseManifests, type ParsedFile } from './parse-manifests.js';
import { describeOrigin, type SourceObject } from './source-object.js';

/** How a folder is read. */
export interface ReadOptions {
  /** Whether folders in it are read too. @default true */
  readonly recurse?: boolean;
  /** What messages call a kustomization. @default - its folder */
  readonly label?: string;
}

/** Larger inputs are no manifests that people keep in Git. */
const MAX_FILE_BYTES = 32 * 2 ** 20;
const MAX_FILES = 5000;
const MANIFEST_FILE = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', 'charts']);

/**
 * Reads every manifest of a file, or of a folder and the folders in it, in the order of their paths. Hidden files and folders are passed over.
 * @throws ConfigError `config/invalid` when something cannot be read, or one object is there twice
 */
export async function readManifests(path: string, { recurse = true }: ReadOptions = {}): Promise<ParsedFile> {
  const isFolder = (await statOf(path)).isDirectory();
  const files = isFolder ? await listFiles(path, recurse) : [path];
  const root = isFolder ? path : join(path, '..');
  checkFolders(files.map((file) => relative(root, file)));
  const parsed: ParsedFile[] = [];
  for (const file of files) {
    parsed.push(parseManifests(await readText(file), relative(root, file)));
  }
  const objects = parsed.flatMap((one) => one.objects);
  checkUnique(objects);
  return { objects, skipped: parsed.flatMap((one) => one.skipped) };
}

/**
 * Refuses two objects of the same kind, namespace and name.
 * @throws ConfigError `config/invalid` that names both places
 */
export function checkUnique(objects: readonly SourceObject[]): void {
  const seen = new Map<ObjectKey, SourceObject>();
  for (const object of objects) {
    const { manifest, origin } = object;
    const first = seen.get(keyOf(manifest));
    if (first !== undefined) {
      throw new ConfigError(
        'config/invalid',
        `${manifest.kind} ${manifest.metadata.name} is there twice: in ${describeOrigin(first.origin)} and in ${describeOrigin(origin)}; ` +
          'import each folder as an application of its own, or remove one',
      );
    }
    seen.set(keyOf(manifest), object);
  }
}

/** A base and its overlays make the same objects, and a chart's templates are none. */
function checkFolders(files: readonly string[]): void {
  const kustomizations = files.filter((file) => KUSTOMIZATION_FILES.includes(basename(file)));
  if (kustomizations.length > 0) {
    const folders = kustomizations.map((file) => dirname(file)).slice(0, 10);
    throw new ConfigError(
      'config/invalid',
      `there are kustomizations in it; import one of them: ${folders.join(', ')}`,
    );
  }
  const chart = files.find((file) => basename(file) === 'Chart.yaml');
  if (chart !== undefined) {
    throw new ConfigError('config/invalid', `${chart} makes it a Helm chart; import what \`helm template\` prints`);
  }
}

async function statOf(path: string): ReturnType<typeof stat> {
  return stat(path).catch((cause: unknown) => {
    throw new ConfigError('config/invalid', `${path} cannot be read: there is no such file or folder`, { cause });
  });
}

async function listFiles(folder: string, recurse: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.filter(isWanted).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      files.push(...(recurse ? await listFiles(path, recurse) : []));
    } else {
      files.push(path);
    }
    if (files.length > MAX_FILES) {
      throw new ConfigError('config/invalid', `${folder} has more than ${MAX_FILES} files; import parts of it`);
    }
  }
  return files;
}

/** Symbolic links are not followed: they may leave the folder or go in circles. */
function isWanted(entry: Dirent): boolean {
  if (entry.name.startsWith('.')) {
    return false;
  }
  return entry.isDirectory()
    ? !SKIPPED_FOLDERS.has(entry.name)
    : entry.isFile() && (MANIFEST_FILE.test(entry.name) || KUSTOMIZATION_FILES.includes(entry.name));
}

async function readText(file: string): Promise<string> {
  const { size } = await statOf(file);
  if (size > MAX_FILE_BYTES) {
    throw new ConfigError('config/invalid', `${basename(file)} is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`);
  }
  return readFile(file, 'utf8');
}
