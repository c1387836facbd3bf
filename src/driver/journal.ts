import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Entries in a file, one JSON document a line; what was appended is there after a restart. */
export interface Journal<Entry> {
  /** The entries that were in the file when it was opened, oldest first. */
  readonly entries: readonly Entry[];
  /** Resolves when the entry is in the file; rejects when it could not be written. */
  readonly append: (entry: Entry) => Promise<void>;
}

/** What {@link openJournal} needs. */
export interface JournalOptions<Entry> {
  readonly file: string;
  /** An entry of what a line holds; undefined for what is none. */
  readonly parse: (value: unknown) => Entry | undefined;
  /** The entries that count; the file is written anew with them once it has twice as many lines as `limit`. */
  readonly kept: () => Iterable<Entry>;
  readonly limit: number;
}

/** Opens a journal. Lines that cannot be read are left out; an entry never continues a line that a crash tore. */
export async function openJournal<Entry>(options: JournalOptions<Entry>): Promise<Journal<Entry>> {
  const { file, parse, kept, limit } = options;
  await mkdir(dirname(file), { recursive: true });
  const text = await readIfThere(file);
  const entries = text.split('\n').flatMap((line) => {
    const entry = parse(parseJson(line));
    return entry === undefined ? [] : [entry];
  });
  let lines = entries.length;
  let lineBreak = text === '' || text.endsWith('\n') ? '' : '\n';
  let queue = Promise.resolve();

  const write = async (entry: Entry): Promise<void> => {
    if (lines < 2 * limit) {
      lines += 1;
      const line = `${lineBreak}${JSON.stringify(entry)}\n`;
      lineBreak = '';
      return appendFile(file, line, { mode: 0o600 });
    }
    const all = [...kept()].map((one) => `${JSON.stringify(one)}\n`);
    await writeFile(`${file}.new`, all.join(''), { mode: 0o600 });
    await rename(`${file}.new`, file);
    lines = all.length;
  };

  return {
    entries,
    append(entry) {
      const written = queue.then(() => write(entry));
      queue = written.catch(() => undefined);
      return written;
    },
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

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A torn line after a crash: the others are good.
    return undefined;
  }
}
