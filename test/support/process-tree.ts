import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The length of a clock tick of `/proc/<pid>/stat`, in milliseconds; `USER_HZ` is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Processor time of the process and of the children it waited for. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Processor time that a process and its children have used, in milliseconds; of ended children only those that were waited for. */
export async function cpuOfTree(root: number): Promise<number> {
  return (await treeOf(root)).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Resident memory of a process and its descendants, in MiB. Pages that they share count once for each. */
export async function residentOfTree(root: number): Promise<number> {
  return (await treeOf(root)).reduce((sum, { residentBytes }) => sum + residentBytes, 0) / 2 ** 20;
}

/** Processor time of the children of this process that have ended, in milliseconds. */
export async function cpuOfEndedChildren(): Promise<number> {
  const fields = fieldsOf(await readFile('/proc/self/stat', 'utf8'));
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Watches how much memory a process tree has at most, five times a second, until it is told to end. */
export function watchPeak(root: number): { readonly end: () => Promise<number> } {
  const ended = new AbortController();
  const watch = async (): Promise<number> => {
    let peak = 0;
    while (!ended.signal.aborted) {
      peak = Math.max(peak, await residentOfTree(root));
      await delay(200, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    return peak;
  };
  const watched = watch();
  return {
    end: () => {
      ended.abort();
      return watched;
    },
  };
}

/** The process ids of everything that a process started and that lives, at any depth. */
export async function descendantsOf(root: number): Promise<number[]> {
  return (await treeOf(root)).map(({ pid }) => pid).filter((pid) => pid !== root);
}

async function treeOf(root: number): Promise<ProcessStat[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(readStat));
  const all = found.filter((stat) => stat !== undefined);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) {
    tree.push(...all.filter(({ parent }) => parent === pid));
  }
  return tree;
}

async function readStat(pid: string): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined; // it ended meanwhile
  }
  const fields = fieldsOf(text);
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    cpuMs: ticks * TICK_MS,
    residentBytes: Number(fields[21]) * PAGE_BYTES,
  };
}

/** The fields of proc_pid_stat(5) from the third, `state`, on; the second may hold spaces. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
