import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tellingDiskErrors } from '../base/disk-error.js';

/**
 * Replaces a file so that a crash or a full disk at any moment leaves either the old content or the new one, on disk when the promise resolves.
 * @throws TransientError `disk/full`, `disk/read-only`
 */
export function writeAtomically(path: string, text: string): Promise<void> {
  return tellingDiskErrors(`write ${path}`, () => replace(path, text));
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
