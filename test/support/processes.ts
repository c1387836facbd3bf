import { readdir, readFile, readlink } from 'node:fs/promises';

/** The command lines of processes that work in a folder or name it in their arguments; Linux only. */
export async function processesBelow(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(pids.map((pid) => commandBelow(pid, folder)));
  return found.filter((command): command is string => command !== undefined);
}

async function commandBelow(pid: string, folder: string): Promise<string | undefined> {
  try {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    const directory = await readlink(`/proc/${pid}/cwd`);
    return command.includes(folder) || directory.startsWith(folder) ? `${pid} ${command}` : undefined;
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** Sends a signal to a process, unless it has ended. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
