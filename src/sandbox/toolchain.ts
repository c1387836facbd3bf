import { cacheDirectory, currentEnvironment } from './environment.js';
import { Downloader } from './toolchain/download.js';
import { findOnPath, installRelease, isExecutable } from './toolchain/install.js';
import { buildProgram } from './toolchain/build.js';
import { readPin } from './toolchain/pins.js';
import type { ProgramName } from './toolchain/programs.js';
import { currentPlatform } from './toolchain/release.js';
import { Toolchain, type Progress } from './toolchain/toolchain.js';

export type { ProgramName } from './toolchain/programs.js';
export type { Progress } from './toolchain/toolchain.js';

let shared: Toolchain | undefined;

/** One for the process: it remembers which publishers do not answer, and builds one program at a time. */
function toolchain(): Toolchain {
  const env = currentEnvironment();
  shared ??= new Toolchain({
    env,
    cache: `${cacheDirectory(env)}/toolchain`,
    platform: currentPlatform(),
    downloader: new Downloader(fetch),
    readPin,
    isExecutable,
    findOnPath,
    installRelease,
    buildProgram,
    now: () => Date.now(),
  });
  return shared;
}

/**
 * The path of a program, which is found, downloaded or built if need be: the `PRODESK_<NAME>_BIN` variable, the user's cache folder,
 * an installed program of exactly the pinned version, the official download, a build from the Go module proxy.
 * @throws StalledError `sandbox/toolchain` when none of these gives it
 */
export async function ensureProgram(name: ProgramName, progress: Progress): Promise<string> {
  return (await ensureToolchain([name], progress))[name];
}

/** The paths of several programs, as {@link ensureProgram} gives them; progress counts those that are not there yet. */
export async function ensureToolchain<Name extends ProgramName>(
  names: readonly Name[],
  progress: Progress,
): Promise<Record<Name, string>> {
  return toolchain().ensure(names, progress);
}
