#!/usr/bin/env node
// @ts-check
/** `npm run bench`: makes the clone ready as the `prodesk` command does, then runs the benchmark. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeVersionProblem } from '../../src/cli/setup/node-version.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  const { prepare } = await import('../../src/cli/setup/prepare.mjs');
  await prepare(ROOT, 'all');
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  console.error(problem);
  process.exitCode = 1;
}
