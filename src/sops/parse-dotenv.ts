import { damaged } from './problem.js';
import type { Tree } from './tree.js';

const METADATA = 'sops_';

/** An environment file: its variables, and what SOPS noted in further ones. */
export interface DotenvFile {
  readonly values: ReadonlyMap<string, Tree>;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads `KEY=value` lines as SOPS writes them: no quotes, `\n` for a line break. Comments are passed over.
 * @throws StalledError `sops/damaged` with the line's number
 */
export function parseDotenv(text: string, file: string): DotenvFile {
  const pairs = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) {
      return [];
    }
    const at = line.indexOf('=');
    if (at < 0) {
      throw damaged(file, `cannot be read: line ${index + 1} is not KEY=value`);
    }
    return [[line.slice(0, at), line.slice(at + 1).replaceAll('\\n', '\n')] as const];
  });
  const values = new Map<string, Tree>(pairs.filter(([key]) => !key.startsWith(METADATA)));
  const noted = pairs
    .filter(([key]) => key.startsWith(METADATA))
    .map(([key, value]) => [key.slice(METADATA.length), value]);
  const fields = Object.fromEntries(noted) as Record<string, string>;
  return { values, metadata: noted.length === 0 ? undefined : { ...fields, age: recipientsOf(fields) } };
}

/** Lists are flattened into names such as `age__list_0__map_enc`. */
function recipientsOf(fields: Readonly<Record<string, string>>): { readonly enc: string }[] {
  return Object.entries(fields).flatMap(([key, enc]) => (/^age__list_\d+__map_enc$/.test(key) ? [{ enc }] : []));
}
