import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { descendantsOf } from './process-tree.js';

/** What a long-lived process must not pile up. */
export interface Footprint {
  readonly residentMiB: number;
  readonly descriptors: number;
  readonly children: number;
  /** Files below its folder, and their size; without Pulumi's logs, which Pulumi itself keeps below a size. */
  readonly files: number;
  readonly diskMiB: number;
  /** Files and folders that are there for a moment only. */
  readonly temporary: number;
}

/** What a process holds now; Linux only. */
export async function footprintOf(pid: number, directory: string): Promise<Footprint> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const sizes = await sizesBelow(directory);
  return {
    residentMiB: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024),
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    children: (await descendantsOf(pid)).length,
    files: sizes.length,
    diskMiB: Math.round((sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20) * 10) / 10,
    temporary: (await readdir(join(directory, 'tmp')).catch(() => [])).length,
  };
}

/** The smallest value of a field. */
export function least(footprints: readonly Footprint[], field: keyof Footprint): number {
  return Math.min(...footprints.map((footprint) => footprint[field]));
}

/** The largest value of a field. */
export function most(footprints: readonly Footprint[], field: keyof Footprint): number {
  return Math.max(...footprints.map((footprint) => footprint[field]));
}

const PULUMI_LOGS = join('pulumi-home', 'logs');

async function sizesBelow(directory: string): Promise<number[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith(PULUMI_LOGS))
    .map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  return sizes.filter((size) => size !== undefined);
}
