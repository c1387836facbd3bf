import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess } from './process-identity.js';

/** Who holds a lock: a process id alone is not enough, because numbers are used again. */
export interface LockOwner {
  readonly pid: number;
  /** When the process started, in whatever form the system tells it. */
  readonly started: string;
}

/** A held lock. */
export interface ProcessLock {
  release(): Promise<void>;
}

/** How a lock finds out about processes; a parameter so that it can be tested. */
export interface LockOptions {
  /** The start of a living process, or undefined when there is none with this id. */
  readonly identify?: (pid: number) => Promise<string | undefined>;
  readonly pid?: number;
}

/** The outcome of trying to take a lock. */
export type LockAttempt =
  { readonly kind: 'held'; readonly lock: ProcessLock } | { readonly kind: 'busy'; readonly owner: LockOwner };

/** Takes a lock file if nobody living holds it. The lock of a process that is gone is broken. */
export async function tryLock(path: string, options: LockOptions = {}): Promise<LockAttempt> {
  const identify = options.identify ?? identifyProcess;
  const pid = options.pid ?? process.pid;
  const mine: LockOwner = { pid, started: (await identify(pid)) ?? '' };
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    if (await create(path, mine)) {
      return { kind: 'held', lock: { release: () => removeIfPresent(path) } };
    }
    const owner = await readOwner(path);
    if (owner !== undefined && (await identify(owner.pid)) === owner.started) {
      return { kind: 'busy', owner };
    }
    await removeStale(path, owner);
  }
}

/** Takes a lock file, waiting for its owner to let go. `onBusy` is called once for each owner that is waited for. */
export async function waitForLock(
  path: string,
  onBusy: (owner: LockOwner) => void,
  options: LockOptions = {},
): Promise<ProcessLock> {
  let told: number | undefined;
  for (;;) {
    const attempt = await tryLock(path, options);
    if (attempt.kind === 'held') {
      return attempt.lock;
    }
    if (told !== attempt.owner.pid) {
      told = attempt.owner.pid;
      onBusy(attempt.owner);
    }
    await delay(250);
  }
}

/** Makes the file with its content in one step, so that nobody ever reads half of it. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) {
      return false;
    }
    throw thrown;
  } finally {
    await unlink(draft);
  }
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT')) {
      return undefined;
    }
    throw thrown;
  });
  return text === undefined ? undefined : parseOwner(text);
}

/** Reads a lock file's text; undefined for anything that is not one of ours. */
export function parseOwner(text: string): LockOwner | undefined {
  const match = /^\{"pid":(?<pid>\d+),"started":"(?<started>[^"]*)"\}$/.exec(text);
  return match?.groups === undefined
    ? undefined
    : { pid: Number(match.groups['pid']), started: match.groups['started'] ?? '' };
}

/** Moves the file away and looks again: two waiters may break the same lock, and the second must not break the first one's. */
async function removeStale(path: string, judged: LockOwner | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) {
      return;
    }
    throw thrown;
  }
  const found = await readOwner(aside);
  if (found !== undefined && (found.pid !== judged?.pid || found.started !== judged.started)) {
    await link(aside, path).catch((thrown: unknown) => {
      if (!hasCode(thrown, 'EEXIST')) {
        throw thrown;
      }
    });
  }
  await removeIfPresent(aside);
}

async function removeIfPresent(path: string): Promise<void> {
  await unlink(path).catch((thrown: unknown) => {
    if (!hasCode(thrown, 'ENOENT')) {
      throw thrown;
    }
  });
}

/** Whether something thrown is a system error with this code. */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
