import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock, type Clock } from '../base/clock.js';
import { tellingDiskErrors } from '../base/disk-error.js';
import { writeSynced } from './kept-file.js';

/** How long after a failed write it is tried again without being asked. */
const RETRY_MS = 10_000;

/** Entries in a file, one JSON document a line; what was appended is there after a restart. */
export interface Journal<Entry> {
  /** The entries that were in the file when it was opened, oldest first. */
  readonly entries: readonly Entry[];
  /** Resolves when the entry is in the file; rejects when it could not be written yet: it is kept, and tried again until it is. */
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
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Opens a journal. Lines that cannot be read are left out; an entry never continues a line that a crash or a full disk tore. */
export async function openJournal<Entry>(options: JournalOptions<Entry>): Promise<Journal<Entry>> {
  const { file, parse } = options;
  await mkdir(dirname(file), { recursive: true });
  const text = await readIfThere(file);
  const entries = text.split('\n').flatMap((line) => {
    const entry = parse(parseJson(line));
    return entry === undefined ? [] : [entry];
  });
  const writer = new JournalWriter(options, { lines: entries.length, isTorn: text !== '' && !text.endsWith('\n') });
  return { entries, append: (entry) => writer.append(entry) };
}

class JournalWriter<Entry> {
  readonly #options: JournalOptions<Entry>;
  readonly #clock: Clock;
  #lines: number;
  /** Whether the file ends in the middle of a line. */
  #isTorn: boolean;
  /** Entries that are not in the file yet. */
  #unwritten: Entry[] = [];
  #queue: Promise<void> = Promise.resolve();
  #isRetrying = false;

  constructor(options: JournalOptions<Entry>, { lines, isTorn }: { readonly lines: number; readonly isTorn: boolean }) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#lines = lines;
    this.#isTorn = isTorn;
  }

  append(entry: Entry): Promise<void> {
    this.#unwritten.push(entry);
    return this.#flush();
  }

  #flush(): Promise<void> {
    const written = this.#queue.then(() =>
      tellingDiskErrors(`write ${this.#options.file}`, () => this.#writeUnwritten()),
    );
    this.#queue = written.catch(() => this.#retryLater());
    return written;
  }

  #retryLater(): void {
    this.#unwritten = this.#unwritten.slice(-this.#options.limit);
    if (!this.#isRetrying) {
      this.#isRetrying = true;
      this.#clock.after(RETRY_MS, () => {
        this.#isRetrying = false;
        this.#flush().catch(() => undefined);
      });
    }
  }

  async #writeUnwritten(): Promise<void> {
    const entries = [...this.#unwritten];
    if (entries.length === 0) {
      return;
    }
    if (this.#lines < 2 * this.#options.limit) {
      await this.#append(entries);
      this.#lines += entries.length;
    } else {
      await this.#writeAnew();
    }
    this.#unwritten = this.#unwritten.slice(entries.length);
  }

  /** A write that fails in the middle is taken back, or else known to have torn the line. */
  async #append(entries: readonly Entry[]): Promise<void> {
    const handle = await open(this.#options.file, 'a', 0o600);
    try {
      const { size } = await handle.stat();
      try {
        await handle.writeFile((this.#isTorn ? '\n' : '') + linesOf(entries));
        await handle.datasync();
        this.#isTorn = false;
      } catch (error) {
        await handle.truncate(size).catch(() => {
          this.#isTorn = true;
        });
        throw error;
      }
    } finally {
      await handle.close();
    }
  }

  async #writeAnew(): Promise<void> {
    const { file, kept } = this.#options;
    const all = [...kept()];
    try {
      await writeSynced(`${file}.new`, linesOf(all));
      await rename(`${file}.new`, file);
    } catch (error) {
      await rm(`${file}.new`, { force: true }).catch(() => undefined);
      throw error;
    }
    this.#lines = all.length;
    this.#isTorn = false;
  }
}

function linesOf(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
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
