import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../src/sandbox/wait-until.js';

/** A disk of its own that can be filled and made read-only. */
export interface SmallDisk {
  readonly path: string;
  /** Writes until nothing fits any more, or only so many bytes do. */
  fill(leave?: number): Promise<void>;
  /** Takes back what {@link fill} wrote. */
  empty(): Promise<void>;
  setReadOnly(isReadOnly: boolean): Promise<void>;
  close(): void;
}

/** Mounts a small disk in memory. Only root may: undefined for everybody else. */
export function openSmallDisk(mebibytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill(leave = 0) {
      const { bavail, bsize } = await statfs(path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leave))).catch(unlessFull);
    },
    empty: () => rm(ballast, { force: true }),
    async setReadOnly(isReadOnly) {
      const mode = isReadOnly ? 'ro' : 'rw';
      await waitUntil(() => Promise.resolve(remounts(path, mode)), { what: 'the end of all writes' });
    },
    close() {
      execFileSync('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
}

/** Whether it could be done: a disk with files that are open for writing stays as it is. */
function remounts(path: string, mode: 'ro' | 'rw'): boolean {
  try {
    execFileSync('mount', ['-o', `remount,${mode}`, path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Somebody else wrote in between: full it is. */
function unlessFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') {
    throw error;
  }
}
