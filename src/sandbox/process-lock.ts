import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
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
    const holder = await findHolder(path, identify);
    if (typeof holder === 'object') {
      return { kind: 'busy', owner: holder };
    }
    if (holder === 'stale') {
      await removeStale(path, mine, identify);
    }
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

type Identify = (pid: number) => Promise<string | undefined>;

/** The living holder of a lock file; `stale` when its holder is gone, `absent` when there is no such file. */
async function findHolder(path: string, identify: Identify): Promise<LockOwner | 'stale' | 'absent'> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT')) {
      return undefined;
    }
    throw thrown;
  });
  if (text === undefined) {
    return 'absent';
  }
  const owner = parseOwner(text);
  return owner !== undefined && (await identify(owner.pid)) === owner.started ? owner : 'stale';
}

/** Reads a lock file's text; undefined for anything that is not one of ours. */
export function parseOwner(text: string): LockOwner | undefined {
  const match = /^\{"pid":(?<pid>\d+),"started":"(?<started>[^"]*)"\}$/.exec(text);
  return match?.groups === undefined
    ? undefined
    : { pid: Number(match.groups['pid']), started: match.groups['started'] ?? '' };
}

/**
 * Removes a lock file if it is stale still. Only one process at a time may do that, else the second would remove the
 * new lock that a third took after the first: that right is a lock file of its own, held for an instant.
 */
async function removeStale(path: string, mine: LockOwner, identify: Identify): Promise<void> {
  const right = `${path}.breaking`;
  if (!(await create(right, mine))) {
    if ((await findHolder(right, identify)) === 'stale') {
      await removeIfPresent(right);
    }
    await delay(5);
    return;
  }
  try {
    if ((await findHolder(path, identify)) === 'stale') {
      await removeIfPresent(path);
    }
  } finally {
    await removeIfPresent(right);
  }
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
