import { readFile, rm } from 'node:fs/promises';
import { messageOf, StalledError } from '../../base/errors.js';
import type { Environment } from '../environment.js';
import { runCommand } from '../run-command.js';
import { superviseProcess } from '../supervised-process.js';
import { isGoAtLeast, type Pin } from './pins.js';
import type { Program } from './programs.js';

/**
 * Builds a pinned program from the Go module proxy into a file. The compiler ends when this process does.
 * @throws StalledError `sandbox/toolchain` when Go is missing, too old, or the build fails
 */
export async function buildProgram(program: Program, pin: Pin, target: string, env: Environment): Promise<void> {
  const environment = { ...env, GOFLAGS: '', GOWORK: 'off' };
  await requireGo(pin, environment);
  const logFile = `${target}.log`;
  const args = ['build', '-mod=readonly', '-trimpath', '-buildvcs=false'];
  args.push('-ldflags', program.ldflags(pin.version), '-o', target, program.package);
  const build = await superviseProcess({
    name: `go build ${program.name}`,
    program: 'go',
    args,
    cwd: pin.directory,
    env: environment,
    logFile,
  });
  const { code } = await build.exited;
  const output = await readFile(logFile, 'utf8');
  await rm(logFile, { force: true });
  if (code !== 0) {
    throw new StalledError('sandbox/toolchain', `building ${program.name} ${pin.version} failed: ${lastLines(output)}`);
  }
}

/** Asks in the pins' folder, where a Go that fetches newer releases by itself says which one it would use. */
async function requireGo(pin: Pin, env: Environment): Promise<void> {
  const remedy = `install Go ${pin.goVersion} or newer (https://go.dev/dl/), or set the program's PRODESK_..._BIN variable`;
  const found = await runCommand('go', ['env', 'GOVERSION'], { cwd: pin.directory, env }).catch((thrown: unknown) => {
    throw new StalledError('sandbox/toolchain', `Go does not run: ${messageOf(thrown)}; ${remedy}`, { cause: thrown });
  });
  const release = found.trim();
  if (!isGoAtLeast(release, pin.goVersion)) {
    throw new StalledError('sandbox/toolchain', `${release} is too old to build the pinned programs; ${remedy}`);
  }
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-8).join('\n') || 'no output';
}
