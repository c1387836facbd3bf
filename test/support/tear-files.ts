import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** What is torn, and how. */
export interface Tearing {
  readonly directory: string;
  /** Files written after this time; milliseconds since the epoch. */
  readonly since: number;
  readonly random: () => number;
}

/** The longest piece that a file loses to which one line is added at a time: each line is on disk before the next one. */
const LONGEST_LINE = 100;

/**
 * Cuts the end off files that were written last, as a machine that lost its power may have left them: with less than was written, or with nothing.
 * Of a file and its copy, which are written one after the other, one is torn.
 * @returns the paths of what was cut, below the directory
 */
export async function tearFiles({ directory, since, random }: Tearing): Promise<string[]> {
  const recent = await writtenSince(directory, since);
  const spared = new Set(
    [...recent.keys()].flatMap((path) => (recent.has(`${path}.bak`) ? [random() < 0.5 ? path : `${path}.bak`] : [])),
  );
  const torn = [...recent].filter(([path]) => !spared.has(path));
  for (const [path, size] of torn) {
    const isJournal = path.endsWith('.jsonl');
    const rest = isJournal ? size - Math.floor(random() * LONGEST_LINE) : Math.floor(random() * size);
    await truncate(join(directory, path), Math.max(0, random() < 0.3 && !isJournal ? 0 : rest));
  }
  return torn.map(([path]) => path);
}

/** Sizes of files by their paths. */
async function writtenSince(directory: string, since: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const path of (await readdir(directory, { recursive: true })).sort()) {
    const { mtimeMs, size, isFile } = await statOf(join(directory, path));
    if (isFile && size > 0 && mtimeMs >= since) {
      found.set(path, size);
    }
  }
  return found;
}

async function statOf(file: string): Promise<{ mtimeMs: number; size: number; isFile: boolean }> {
  try {
    const found = await stat(file);
    return { mtimeMs: found.mtimeMs, size: found.size, isFile: found.isFile() };
  } catch {
    // A process that ends removes what it used.
    return { mtimeMs: 0, size: 0, isFile: false };
  }
}
