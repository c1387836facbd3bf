// @ts-check
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runStep } from './run-step.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Installs exactly what the lock file says. Packages run no scripts of their own.
 * @param {string} root
 * @param {(pid: number) => void} hold learns npm's process id
 * @throws {SetupError} when npm fails or is not there
 */
export async function installDependencies(root, hold) {
  const { program, args } = npmCommand();
  const { code, seconds } = await runStep({
    title: 'installing dependencies (npm ci)',
    program,
    args: [...args, 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
    cwd: root,
    hold,
  });
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed (${code}) after ${seconds} s. What npm said is above. Check that the npm registry can be reached ` +
        '(npm config get registry), then run the command again.',
    );
  }
  linkOwnCommand(root);
}

/** npm as it called us, or the one that came with this Node, or the one on the PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath;
  const bundled = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const script = [caller?.includes('npm-cli') ? caller : undefined, bundled].find(
    (path) => path !== undefined && existsSync(path),
  );
  return script === undefined ? { program: 'npm', args: [] } : { program: process.execPath, args: [script] };
}

/**
 * `npx prodesk` looks here first; without it npm would make a copy of the package in its own cache.
 * @param {string} root
 */
function linkOwnCommand(root) {
  const link = join(root, 'node_modules/.bin/prodesk');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../src/cli/prodesk.mjs', link);
}
