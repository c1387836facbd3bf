// @ts-check
import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/** How often a long step says that it is still at work, in milliseconds. */
const STILL_MS = 15_000;

/**
 * Runs a program as a step of getting ready. All it prints goes to standard error, because standard output belongs to the command that follows.
 * A signal that ends us ends it first.
 * @param {{ title: string, program: string, args: string[], cwd: string, hold?: (pid: number) => void }} step `hold` learns the program's process id
 * @returns {Promise<{ code: number | string, seconds: number }>} the exit code, or the name of the signal that ended it
 * @throws {SetupError} when the program cannot be started
 */
export async function runStep({ title, program, args, cwd, hold }) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  console.error(`prodesk: ${title}`);
  const child = spawn(program, args, { cwd, stdio: ['ignore', 2, 2] });
  if (child.pid !== undefined) {
    hold?.(child.pid);
  }
  const still = setInterval(() => console.error(`prodesk: ${title}, ${seconds()} s so far`), STILL_MS);
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  try {
    const code = await exitOf(child, program);
    return { code, seconds: seconds() };
  } finally {
    clearInterval(still);
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} program
 * @returns {Promise<number | string>}
 */
function exitOf(child, program) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new SetupError(`cannot run ${program}: ${error.message}`)));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
