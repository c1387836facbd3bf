import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../base/errors.js';
import { builtBy, listManifestFiles, type Listing } from './list-files.js';
import { parseManifests } from './parse-manifests.js';
import { type ReadObjects, together, wholeFile } from './source-object.js';

/** How a folder is read. */
export interface ReadOptions {
  /** Whether folders in it are read too. @default true */
  readonly recurse?: boolean;
  /** What messages call a kustomization. @default - its folder */
  readonly label?: string;
}

/** Larger inputs are no manifests that people keep in Git. */
const MAX_FILE_BYTES = 32 * 2 ** 20;

/**
 * Reads every manifest of a file, or of a folder and the folders in it, in the order of their paths. What cannot be read is refused, and
 * spoils nothing else.
 * @throws ConfigError `config/invalid` when there is no such file or folder, or it is a chart
 */
export async function readManifests(path: string, { recurse = true }: ReadOptions = {}): Promise<ReadObjects> {
  const isFolder = (await statOf(path)).isDirectory();
  if (isFolder && (await builtBy(path)) === 'helm') {
    throw new ConfigError('config/invalid', `${path} is a Helm chart; import what \`helm template\` prints`);
  }
  const root = isFolder ? path : dirname(path);
  const { files, unread }: Listing = isFolder
    ? await listManifestFiles(path, recurse)
    : { files: [basename(path)], unread: [] };
  const parts: ReadObjects[] = [];
  for (const file of files) {
    parts.push(await readFileObjects(root, file));
  }
  const refused = unread.map(({ path: folder, reason }) => ({ origin: wholeFile(folder), reason }));
  return together([...parts, { objects: [], skipped: [], refused }]);
}

async function readFileObjects(root: string, file: string): Promise<ReadObjects> {
  const refuse = (reason: string): ReadObjects => ({
    objects: [],
    skipped: [],
    refused: [{ origin: wholeFile(file), reason }],
  });
  const { size } = await statOf(join(root, file));
  if (size > MAX_FILE_BYTES) {
    return refuse(`it is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`);
  }
  const bytes = await readFile(join(root, file)).catch(() => undefined);
  const text = bytes && textOf(bytes);
  return text === undefined
    ? refuse(bytes === undefined ? 'it cannot be read' : 'it is not UTF-8 text')
    : parseManifests(text, file);
}

function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

async function statOf(path: string): ReturnType<typeof stat> {
  return stat(path).catch((cause: unknown) => {
    throw new ConfigError('config/invalid', `${path} cannot be read: there is no such file or folder`, { cause });
  });
}
