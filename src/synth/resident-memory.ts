import { readFileSync } from 'node:fs';

/** The resident memory of a process and of those that it started, in MiB; undefined where /proc does not tell, or the process is gone. */
export function residentMiBOf(pid: number): number | undefined {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`) ?? '');
  if (match === null) {
    return undefined;
  }
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ') ?? [];
  const below = children.filter((child) => child !== '').map((child) => residentMiBOf(Number(child)) ?? 0);
  return below.reduce((sum, one) => sum + one, Number(match[1]) / 1024);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') {
      return undefined;
    }
    throw error;
  }
}
