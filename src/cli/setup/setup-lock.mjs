// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How often a waiting process looks again, in milliseconds. */
const POLL_MS = 200;
/** A lock without an owner is one whose maker died at once; this long is waited before that is believed, in milliseconds. */
const OWNERLESS_MS = 5000;

/**
 * Runs `work` while no other process holds the same lock: a folder, because making one is atomic everywhere.
 * The lock of a process that is no longer there is taken over.
 * @template T
 * @param {string} path the folder that is the lock; its parent is made when missing
 * @param {(owner: number | undefined) => void} onWait called once when another process holds it
 * @param {(hold: (pid: number) => void) => Promise<T>} work `hold` names a child process that the lock lasts for, even when we are killed
 * @returns {Promise<T>}
 */
export async function withSetupLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    if (isAbandoned(path)) {
      breakLock(path);
      continue;
    }
    if (!told) {
      onWait(readHolder(join(path, 'owner'))?.pid);
      told = true;
    }
    await pause(POLL_MS);
  }
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work((pid) => writeHolder(join(path, 'child'), pid));
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} path */
function take(path) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
  writeHolder(join(path, 'owner'), process.pid);
  return true;
}

/** @param {string} path */
function isAbandoned(path) {
  const owner = readHolder(join(path, 'owner'));
  if (owner === undefined) {
    return ageMs(path) > OWNERLESS_MS;
  }
  const child = readHolder(join(path, 'child'));
  return (owner.pid === process.pid || !isRunning(owner)) && (child === undefined || !isRunning(child));
}

/**
 * Moves an abandoned lock away before removing it. Should another process have taken the lock over in between, it is put back.
 * @param {string} path
 */
function breakLock(path) {
  const aside = `${path}.broken-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (isAbandoned(aside)) {
    rmSync(aside, { recursive: true, force: true });
  } else {
    renameSync(aside, path);
  }
}

/**
 * @param {string} file
 * @param {number} pid
 */
function writeHolder(file, pid) {
  writeFileSync(file, JSON.stringify({ pid, started: startOf(pid) }));
}

/**
 * @param {string} file
 * @returns {{ pid: number, started: string } | undefined} undefined while it is not there, or not completely
 */
function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {{ pid: number, started: string }} holder */
function isRunning({ pid, started }) {
  return isAlive(pid) && startOf(pid) === started;
}

/** @param {string} path */
function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * When a process started, as the kernel counts it: tells a process from a later one with the same number. Empty where there is no /proc.
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
