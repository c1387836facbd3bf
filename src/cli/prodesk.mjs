#!/usr/bin/env node
// @ts-check
/** The `prodesk` command as a fresh clone can run it: makes itself ready where needed, then becomes the program. */
import { nodeVersionProblem } from './setup/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  // Only now: an old Node could not read these modules.
  const { runProgram } = await import('./setup/run-program.mjs');
  await runProgram(process.argv);
} else {
  console.error(problem);
  process.exitCode = 1;
}
