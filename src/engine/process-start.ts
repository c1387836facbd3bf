import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Kernel clock ticks per second in `/proc`; fixed to 100 for user space on every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * When a living process started, in milliseconds since the epoch, or undefined when there is none with this id.
 * Linux counts from boot, so that an id from before a reboot is told apart too.
 */
export async function processStart(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
}

async function linuxStart(pid: number): Promise<number | undefined> {
  const [stat, system] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/stat'].map((path) => readFile(path, 'utf8').catch(() => undefined)),
  );
  return stat === undefined || system === undefined ? undefined : startFrom(stat, system);
}

/** The start time from the texts of `/proc/PID/stat` and `/proc/stat`; undefined for a process that has ended and waits to be collected. */
export function startFrom(stat: string, system: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') {
    return undefined;
  }
  const bootSeconds = Number(/^btime (\d+)$/m.exec(system)?.[1] ?? Number.NaN);
  return (bootSeconds + Number(fields[19]) / TICKS_PER_SECOND) * 1000;
}

async function psStart(pid: number): Promise<number | undefined> {
  const listed = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  const started = Date.parse(listed?.stdout.trim() ?? '');
  return Number.isNaN(started) ? undefined : started;
}
