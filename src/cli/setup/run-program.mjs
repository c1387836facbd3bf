// @ts-check
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { SetupError } from './setup-error.mjs';

/** The repository. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Makes the repository ready, then runs the compiled program in this process: signals reach it directly.
 * @param {string[]} argv as `process.argv`
 */
export async function runProgram(argv) {
  try {
    await prepare(ROOT, 'production');
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    console.error(`prodesk: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  process.setSourceMapsEnabled(true);
  if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') {
    module.enableCompileCache();
  }
  const { main } = await import(pathToFileURL(join(ROOT, 'dist/cli/main.js')).href);
  await main(argv);
}
