import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tellingDiskErrors } from '../base/disk-error.js';

/** A file's text, and the one that it had before, the newest first. Neither is there before the first write. */
export async function readVersions(path: string): Promise<string[]> {
  const texts = await Promise.all([path, previousOf(path)].map(readIfThere));
  return texts.filter((text) => text !== undefined);
}

/**
 * Replaces a file and keeps its last version beside it: complete on disk when the promise resolves. A machine that loses its power, or a disk
 * that tears one of the two, leaves the other.
 * @throws TransientError `disk/full`, `disk/read-only`
 */
export function writeVersion(path: string, text: string): Promise<void> {
  return tellingDiskErrors(`write ${path}`, async () => {
    const draft = `${path}.new`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeSynced(draft, text);
      await rename(path, previousOf(path)).catch(unlessAbsent);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

/** Writes a file, on disk when the promise resolves. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function previousOf(path: string): string {
  return `${path}.bak`;
}

function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(unlessAbsent);
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}
