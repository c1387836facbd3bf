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

/** Opens the history in a file of one JSON entry a line. Lines that cannot be read are left out; an entry never continues a torn line. */
export async function openHistory(file: string): Promise<History> {
  await mkdir(dirname(file), { recursive: true });
  const text = await readIfThere(file);
  let entries = text.split('\n').flatMap(parseLine).slice(-KEPT_ENTRIES);
  let lines = entries.length;
  let lineBreak = text === '' || text.endsWith('\n') ? '' : '\n';
  let queue = Promise.resolve();

  const write = async (entry: HistoryEntry): Promise<void> => {
    if (lines < 2 * KEPT_ENTRIES) {
      lines += 1;
      const line = `${lineBreak}${JSON.stringify(entry)}\n`;
      lineBreak = '';
      return appendFile(file, line, { mode: 0o600 });
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

async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '';
    }
    throw error;
  });
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
