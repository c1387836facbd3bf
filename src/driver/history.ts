import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HistoryEntry } from './core/effects.js';

const KEPT_ENTRIES = 2_000;

/** What happened to the applications, newest last; kept across restarts and bounded. */
export interface History {
  append(entry: HistoryEntry): Promise<void>;
  /** The newest entries first; of one application when it is named. */
  list(limit: number, app?: string): readonly HistoryEntry[];
}

/** Opens the history in a file of one JSON entry a line. Lines that cannot be read are left out. */
export async function openHistory(file: string): Promise<History> {
  await mkdir(dirname(file), { recursive: true });
  let entries = await readEntries(file);
  let lines = entries.length;
  let queue = Promise.resolve();

  const write = async (entry: HistoryEntry): Promise<void> => {
    if (lines < 2 * KEPT_ENTRIES) {
      lines += 1;
      return appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    }
    await writeFile(`${file}.new`, entries.map((kept) => `${JSON.stringify(kept)}\n`).join(''), { mode: 0o600 });
    await rename(`${file}.new`, file);
    lines = entries.length;
  };

  return {
    append(entry) {
      entries = [...entries, entry].slice(-KEPT_ENTRIES);
      const written = queue.then(() => write(entry));
      queue = written.catch(() => undefined);
      return written;
    },
    list: (limit, app) =>
      entries
        .filter((entry) => app === undefined || entry.app === app)
        .slice(-limit)
        .reverse(),
  };
}

async function readEntries(file: string): Promise<HistoryEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '';
    }
    throw error;
  });
  return text.split('\n').flatMap(parseLine).slice(-KEPT_ENTRIES);
}

function parseLine(line: string): HistoryEntry[] {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && 'app' in value && 'at' in value
      ? [value as HistoryEntry]
      : [];
  } catch {
    // A torn last line after a crash: the entries before it are good.
    return [];
  }
}
