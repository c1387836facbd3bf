import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../base/errors.js';
import type { ImportedApp } from './import-app.js';
import { writeFiles } from './trial.js';

/**
 * Refuses a folder that is there already.
 * @throws ConfigError `config/invalid`
 */
export async function requireFree(folder: string): Promise<void> {
  if (await isThere(folder)) {
    throw new ConfigError(
      'config/invalid',
      `${folder} is there already and is not overwritten; use --force to replace it, or --name for another name`,
    );
  }
}

/** Writes an application's folder as a whole: nobody sees half of it, and an old one is gone only when the new one is there. */
export async function writeApp(app: Pick<ImportedApp, 'files'>, folder: string): Promise<void> {
  const draft = join(dirname(folder), `.${process.pid}.import`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await writeFiles(draft, app.files);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
