import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DesiredState } from '../app/desired-state.js';
import type { Synthesizer } from '../synth/port.js';
import type { DataFile } from './piece.js';

/** Files of applications by their names. */
export type AppFiles = Readonly<Record<string, readonly DataFile[]>>;

/** Synthesizes applications that are not in the project yet. */
export type Trial = (apps: AppFiles, secretKeys: readonly string[]) => Promise<DesiredState>;

/** What a synthesis needs of a project beside its applications. Links out of a checkout are refused, but for its packages. */
const COPIED = ['src', 'package.json', 'package-lock.json'];

/**
 * Trials in a temporary folder that has everything of a project but its applications.
 * @param project the folder with `src/constructs` and `package.json`
 */
export function createTrial(project: string, synthesizer: Synthesizer): Trial {
  return async (apps, secretKeys) => {
    const directory = await mkdtemp(join(tmpdir(), 'prodesk-import-'));
    try {
      for (const entry of COPIED) {
        await cp(await realpath(join(project, entry)), join(directory, entry), { recursive: true });
      }
      await symlink(join(project, 'node_modules'), join(directory, 'node_modules'));
      for (const [name, files] of Object.entries(apps)) {
        await writeFiles(join(directory, 'apps', name), files);
      }
      const settings = { settings: {}, secretKeys };
      return await synthesizer.synthesize({ directory, revision: 'working-tree', settings });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

/** Writes files into a folder, which is made where it is not there. */
export async function writeFiles(folder: string, files: readonly DataFile[]): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
