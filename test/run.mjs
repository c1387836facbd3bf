#!/usr/bin/env node
// @ts-check
/** The gate: everything that must hold before a change is good. The last line says how many tests passed and failed. */
import { nodeVersionProblem } from '../src/cli/setup/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  try {
    const { runGate } = await import('./gate/run-gate.mjs');
    process.exitCode = await runGate(process.argv.slice(2));
  } catch (error) {
    giveUp(error);
  }
} else {
  giveUp(problem);
}

/** @param {unknown} reason */
function giveUp(reason) {
  console.error(reason);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
