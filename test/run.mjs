#!/usr/bin/env node
// @ts-check
/** The gate: everything that must hold before a change is good. The last line says how many tests passed and failed. */
import { nodeVersionProblem } from '../src/cli/setup/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  const { runGate } = await import('./gate/run-gate.mjs');
  process.exitCode = await runGate(process.argv.slice(2));
} else {
  console.error(problem);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
