import { constants } from 'node:fs';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { StalledError } from '../../base/errors.js';
import type { Environment } from '../environment.js';
import { runCommand } from '../run-command.js';
import type { Downloader } from './download.js';
import type { Pin } from './pins.js';
import { versionIn, type Program } from './programs.js';
import type { Release } from './release.js';

/** Whether a file is there and can be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first program of this name on the search path, if it says that it is exactly the pinned version. */
export async function findOnPath(program: Program, version: string, env: Environment): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, program.name);
    if (await isExecutable(path)) {
      return (await versionOf(program, path)) === version ? path : undefined;
    }
  }
  return undefined;
}

async function versionOf(program: Program, path: string): Promise<string | undefined> {
  const output = await runCommand(path, program.versionArgs, { timeoutMs: 10_000 }).catch(() => '');
  return versionIn(output);
}

/**
 * Downloads a release next to its target, checks that it is the pinned version, and moves its programs into place.
 * @throws as {@link Downloader.download}; StalledError `sandbox/toolchain` when the download is something else
 */
export async function installRelease(
  downloader: Downloader,
  program: Program,
  pin: Pin,
  release: Release,
  target: string,
): Promise<void> {
  const folder = dirname(target);
  const work = join(folder, `.${program.name}.${process.pid}.tmp`);
  await mkdir(work, { recursive: true });
  try {
    const download = join(work, 'download');
    await downloader.download(release, download);
    const unpacked = release.folder === undefined ? work : join(work, release.folder);
    if (release.folder === undefined) {
      await rename(download, join(work, program.name));
    } else {
      await runCommand('tar', ['-xzf', download, '-C', work]);
      await rm(download);
    }
    await chmod(join(unpacked, program.name), 0o755);
    const version = await versionOf(program, join(unpacked, program.name));
    if (version !== pin.version) {
      throw new StalledError(
        'sandbox/toolchain',
        `${release.url} holds ${version ?? 'no version'}, not ${pin.version}`,
      );
    }
    await moveInto(unpacked, folder, program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Moves what belongs to a program (Pulumi brings its language hosts), itself last: it being there means that all is there. */
async function moveInto(from: string, folder: string, program: Program): Promise<void> {
  const companions = (await readdir(from)).filter((name) => name.startsWith(`${program.name}-`));
  for (const name of [...companions, program.name]) {
    await rename(join(from, name), join(folder, name));
  }
}
