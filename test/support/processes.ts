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

/** The process ids of everything that a process started and that lives, at any depth; Linux only. */
export async function descendantsOf(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map(await Promise.all(pids.map(async (pid) => [Number(pid), await parentOf(pid)] as const)));
  const found = new Set([root]);
  for (const ancestor of found) {
    for (const [pid, parent] of parents) {
      if (parent === ancestor) {
        found.add(pid);
      }
    }
  }
  found.delete(root);
  return [...found];
}

/** The fourth field of proc_pid_stat(5), after a name that may hold spaces. */
async function parentOf(pid: string): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
