// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prepare } from '../../src/cli/setup/prepare.mjs';
import { runStep } from '../../src/cli/setup/run-step.mjs';
import { countTests, withExitCode } from './count-tests.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const USAGE = 'usage: npm test [-- --unit]   (--unit: the unit tests alone, without the checks before them)';

/** @typedef {{ passed: number, failed: string[] }} Outcome `failed` names each failure of a step, and has one entry for each failed test */

/**
 * Runs the gate and prints its result.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runGate(args) {
  if (args.some((arg) => arg !== '--unit')) {
    console.error(USAGE);
    return 2;
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const outcome = await runSteps(args.includes('--unit'), interrupted.signal);
  const failed = interrupted.signal.aborted ? [...outcome.failed, 'interrupted'] : outcome.failed;
  const steps = failed.filter((name) => name !== 'test');
  if (steps.length > 0) {
    console.error(`prodesk: failed beside the tests: ${steps.join(', ')}`);
  }
  console.log(`${outcome.passed} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * @param {boolean} unitOnly
 * @param {AbortSignal} signal nothing new is started once it fired
 * @returns {Promise<Outcome>}
 */
async function runSteps(unitOnly, signal) {
  const steps = unitOnly
    ? [() => runTests(['--project', 'unit'])]
    : [
        readyToolchain,
        () => check('types', 'typescript/bin/tsc', ['--noEmit', '-p', '.']),
        () => check('lint', 'eslint/bin/eslint.js', ['.']),
        () => check('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
        () => runTests([]),
      ];
  /** @type {Outcome} */
  const total = { passed: 0, failed: await attempt('set-up', () => prepare(ROOT, 'all')) };
  for (const step of total.failed.length === 0 ? steps : []) {
    if (!signal.aborted) {
      const { passed, failed } = await step();
      total.passed += passed;
      total.failed.push(...failed);
    }
  }
  return total;
}

/**
 * The programs that tests run. What cannot be had fails here, with the reason, and again in the tests that need it.
 * @returns {Promise<Outcome>}
 */
async function readyToolchain() {
  const load = (/** @type {string} */ path) => import(pathToFileURL(join(ROOT, 'dist/sandbox', path)).href);
  const failed = await attempt('toolchain', async () => {
    console.error('prodesk: toolchain (the first time its programs may have to be built)');
    const { ensureToolchain } = await load('toolchain.js');
    const { PROGRAMS } = await load('toolchain/programs.js');
    await ensureToolchain(Object.keys(PROGRAMS), (/** @type {string} */ line) => console.error(`prodesk: ${line}`));
  });
  return { passed: 0, failed };
}

/**
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @returns {Promise<string[]>} the name when it failed
 */
async function attempt(name, work) {
  const start = Date.now();
  try {
    await work();
  } catch (error) {
    console.error(`prodesk: ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    return [name];
  }
  console.error(`prodesk: ${name} ok (${Math.round((Date.now() - start) / 1000)} s)`);
  return [];
}

/**
 * @param {string} name
 * @param {string} program its path below node_modules
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
async function check(name, program, args) {
  const { code, seconds } = await runNode(name, program, args);
  console.error(`prodesk: ${name} ${code === 0 ? 'ok' : `failed (${code})`} (${seconds} s)`);
  return { passed: 0, failed: code === 0 ? [] : [name] };
}

/**
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
async function runTests(args) {
  const directory = mkdtempSync(join(tmpdir(), 'prodesk-test-'));
  try {
    const file = join(directory, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await runNode('tests', 'vitest/vitest.mjs', ['run', ...args, ...reporters]);
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
    const { passed, failed, skipped } = withExitCode(countTests(report), code);
    if (skipped > 0) {
      console.error(`prodesk: ${skipped} tests were skipped`);
    }
    return { passed, failed: Array.from({ length: failed }, () => 'test') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} title
 * @param {string} program
 * @param {string[]} args
 */
function runNode(title, program, args) {
  return runStep({
    title,
    program: process.execPath,
    args: [join(ROOT, 'node_modules', program), ...args],
    cwd: ROOT,
  });
}
