import { readFileSync } from 'node:fs';

/** The resident memory of a process in MiB; undefined where /proc does not tell, or the process is gone. */
export function residentMiBOf(pid: number): number | undefined {
  const status = readIfThere(`/proc/${pid}/status`);
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '');
  return match === null ? undefined : Number(match[1]) / 1024;
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
