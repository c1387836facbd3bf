// @ts-check
import { join } from 'node:path';
import { compile, isCompiled, sourceHashOf } from './compile.mjs';
import { installDependencies } from './install.mjs';
import { isInstalled, lockHashOf, markInstalled } from './installed.mjs';
import { withSetupLock } from './setup-lock.mjs';

/**
 * Makes a clone ready to run: dependencies as the lock file says, and dist/ as src/ says. Does nothing when both are so.
 * Safe to run in several processes at once.
 * @param {string} root the repository
 * @param {import('./installed.mjs').Extent} extent which dependencies must be there
 * @throws {import('./setup-error.mjs').SetupError}
 */
export async function prepare(root, extent) {
  if (isReady(root, extent)) {
    return;
  }
  const onWait = (/** @type {number | undefined} */ owner) =>
    console.error(`prodesk: waiting for process ${owner ?? '(unknown)'}, which is installing or compiling`);
  await withSetupLock(join(root, '.prodesk/setup.lock'), onWait, async (hold) => {
    const lockHash = lockHashOf(root);
    if (!isInstalled(root, lockHash, extent)) {
      await installDependencies(root, hold);
      markInstalled(root, lockHash, 'all');
    }
    const sourceHash = sourceHashOf(root, lockHash);
    if (!isCompiled(root, sourceHash)) {
      await compile(root, sourceHash);
    }
  });
}

/**
 * @param {string} root
 * @param {import('./installed.mjs').Extent} extent
 */
function isReady(root, extent) {
  const lockHash = lockHashOf(root);
  return isInstalled(root, lockHash, extent) && isCompiled(root, sourceHashOf(root, lockHash));
}
