import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listIfPresent, readIfPresent } from './read-if-present.js';

/** Tolerance between a lock's time and its process's start time, in milliseconds; `/proc` is exact to a few 10 ms, boot time to 1 s. */
const TOLERANCE_MS = 2_000;

/** A lock, or one that is being written. */
const LOCK_NAME = /\.json(?:\.[^.]+\.tmp)?$/;

/** How the command names a lock, after its address. */
const LOCK_LINE = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)$/;

const lockFile = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
});

/** Who made a lock of the file backend. */
export type StackLock = z.infer<typeof lockFile>;

/** What to do with a lock file. */
export type LockVerdict = 'break' | 'keep';

/** What judging a lock needs to know of this machine. */
export interface Machine {
  readonly hostname: string;
  /** When the living process with this id started, in milliseconds since the epoch; undefined when there is none. */
  readonly processStart: (pid: number) => Promise<number | undefined>;
}

/** Reads a lock file; undefined for what is no lock, such as the empty file that a power cut leaves. The backend writes locks whole. */
export function parseLock(text: string): StackLock | undefined {
  try {
    return lockFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether a lock may be broken: only when its process on this host is surely gone. A process that started after the lock was made
 * has got the number of the dead one.
 */
export async function judgeLock(lock: StackLock | undefined, machine: Machine): Promise<LockVerdict> {
  if (lock === undefined) {
    return 'break';
  }
  if (lock.hostname !== machine.hostname) {
    return 'keep';
  }
  const started = await machine.processStart(lock.pid);
  return started === undefined || started > Date.parse(lock.timestamp) + TOLERANCE_MS ? 'break' : 'keep';
}

/**
 * The locks that the `pulumi` command names when it finds the stack locked: all that there are, with their makers. Undefined when it names fewer
 * than it counts, or none.
 */
export function locksIn(text: string): readonly StackLock[] | undefined {
  const count = Number(/the stack is currently locked by (\d+) lock/.exec(text)?.[1] ?? 0);
  /** The SDK quotes the command's output more than once. */
  const lines = new Set(text.match(/^.* created by \S+@\S+ \(pid \d+\) at \S+/gm));
  const locks = [...lines].map((line) => {
    const [, username = '', host = '', pid, timestamp = ''] = LOCK_LINE.exec(line) ?? [];
    return { username, hostname: host, pid: Number(pid), timestamp };
  });
  return count > 0 && locks.length === count && locks.every(({ timestamp }) => !Number.isNaN(Date.parse(timestamp)))
    ? locks
    : undefined;
}

/** Whether a message of the `pulumi` command says that dead processes of this host, and nobody else, hold the stack. */
export async function isHeldByTheDead(text: string, machine: Machine): Promise<boolean> {
  const locks = locksIn(text);
  if (locks === undefined) {
    return false;
  }
  const verdicts = await Promise.all(locks.map((lock) => judgeLock(lock, machine)));
  return verdicts.every((verdict) => verdict === 'break');
}

/** The outcome of {@link breakDeadLocks}. */
export interface BrokenLocks {
  readonly broken: number;
  /** Locks whose owners live, or live on other hosts. */
  readonly kept: readonly StackLock[];
}

/**
 * Removes the locks of dead processes of this host from a folder of lock files. What a full disk left of one that was being written goes, too: it is no
 * lock, and yet the backend wants to read it each time.
 */
export async function breakDeadLocks(directory: string, machine: Machine): Promise<BrokenLocks> {
  const kept: StackLock[] = [];
  let broken = 0;
  for (const name of (await listIfPresent(directory)).filter((file) => LOCK_NAME.test(file))) {
    const path = join(directory, name);
    const text = await readIfPresent(path);
    if (text === undefined) {
      continue;
    }
    const lock = parseLock(text);
    if (lock !== undefined && (await judgeLock(lock, machine)) === 'keep') {
      kept.push(lock);
    } else {
      await rm(path, { force: true });
      await rm(`${path}.attrs`, { force: true });
      broken += 1;
    }
  }
  return { broken, kept };
}
