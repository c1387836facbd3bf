import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.js';
import { messageOf } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { BuildMemory } from './build-memory.js';

/** Settings of {@link createBuildFiles}. */
export interface BuildFilesOptions {
  /** Where the files are; without it nothing outlives the process. */
  readonly directory?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What was learned of builds, by repository, on disk. Losing it costs requests and nothing else. */
export interface BuildFiles {
  /** @param repository with its host, such as `ghcr.io/sijunkim/friend-app` */
  open(repository: string): Promise<BuildMemory>;
  /** Has the changes of a repository written soon. */
  changed(memory: BuildMemory): void;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

const WRITE_DELAY_MS = 3_000;
/** More repositories than these are read again when they are needed; as many files are kept. */
const MAX_REPOSITORIES = 200;

/** Keeps memories in files of one repository each; without a directory in memory alone. */
export function createBuildFiles({ directory, clock, logger }: BuildFilesOptions): BuildFiles {
  const opened = new Map<string, Promise<BuildMemory>>();
  const unwritten = new Map<BuildMemory, { readonly cancel: () => void }>();
  const written = new WeakMap<BuildMemory, number>();
  let writes = Promise.resolve();

  const read = async (repository: string): Promise<BuildMemory> => {
    const text = directory === undefined ? undefined : await readIfThere(pathOf(directory, repository));
    const memory = BuildMemory.fromText(text ?? '', repository) ?? new BuildMemory(repository);
    written.set(memory, memory.changes);
    return memory;
  };
  const write = async (memory: BuildMemory): Promise<void> => {
    if (directory === undefined || written.get(memory) === memory.changes) {
      return;
    }
    const { changes } = memory;
    const path = pathOf(directory, memory.repository);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      await writeFile(`${path}.new`, memory.toText(), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      await rm(`${path}.new`, { force: true }).catch(() => undefined);
      throw error;
    }
    written.set(memory, changes);
    await removeOldest(directory);
  };
  const flush = (memory: BuildMemory): Promise<void> => {
    unwritten.get(memory)?.cancel();
    unwritten.delete(memory);
    writes = writes
      .then(() => write(memory))
      .catch((error: unknown) =>
        logger.warn('what was learned of builds cannot be written', { directory, reason: messageOf(error) }),
      );
    return writes;
  };

  return {
    open(repository) {
      const memory = opened.get(repository) ?? read(repository);
      opened.delete(repository);
      opened.set(repository, memory);
      const [oldest] = opened.keys();
      if (opened.size > MAX_REPOSITORIES && oldest !== undefined) {
        opened.delete(oldest);
      }
      return memory;
    },
    changed(memory) {
      if (!unwritten.has(memory) && written.get(memory) !== memory.changes) {
        unwritten.set(memory, { cancel: clock.after(WRITE_DELAY_MS, () => void flush(memory)) });
      }
    },
    async close() {
      await Promise.all([...unwritten.keys()].map(flush));
    },
  };
}

function pathOf(directory: string, repository: string): string {
  return join(directory, `${createHash('sha256').update(repository).digest('hex').slice(0, 32)}.json`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

async function removeOldest(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  if (names.length <= MAX_REPOSITORIES) {
    return;
  }
  const files = await Promise.all(
    names.map(async (name) => ({ name, mtimeMs: (await stat(join(directory, name))).mtimeMs })),
  );
  files.sort((a, b) => a.mtimeMs - b.mtimeMs);
  await Promise.all(files.slice(0, -MAX_REPOSITORIES).map(({ name }) => rm(join(directory, name), { force: true })));
}
