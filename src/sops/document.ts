import { parseMetadata, type SopsMetadata } from './metadata.js';
import { parseDotenv } from './parse-dotenv.js';
import { parseMap } from './parse-map.js';
import { plainOf, type TreeMap } from './tree.js';

/** How a file is written. `binary` is any text, which SOPS wraps into JSON. */
export type SopsFormat = 'yaml' | 'json' | 'dotenv' | 'binary';

/** An encrypted file in its parts. */
export interface SopsDocument {
  readonly format: SopsFormat;
  /** The values, encrypted, without the `sops` map. */
  readonly values: TreeMap;
  readonly metadata: SopsMetadata;
}

const METADATA_KEY = 'sops';

const FORMATS: readonly (readonly [RegExp, SopsFormat])[] = [
  [/\.ya?ml$/, 'yaml'],
  [/\.json$/, 'json'],
  [/\.env$/, 'dotenv'],
];

/** The format that SOPS chooses by a file's name. */
export function formatOf(file: string): SopsFormat {
  return FORMATS.find(([pattern]) => pattern.test(file))?.[1] ?? 'binary';
}

/**
 * Takes an encrypted file apart.
 * @throws StalledError `sops/damaged` naming the file
 */
export function parseSopsFile(text: string, file: string): SopsDocument {
  const format = formatOf(file);
  if (format === 'dotenv') {
    const { values, metadata } = parseDotenv(text, file);
    return { format, values, metadata: parseMetadata(metadata, file) };
  }
  const values = new Map(parseMap(text, file));
  const metadata = values.get(METADATA_KEY);
  values.delete(METADATA_KEY);
  return { format, values, metadata: parseMetadata(metadata === undefined ? undefined : plainOf(metadata), file) };
}
