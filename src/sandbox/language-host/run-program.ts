import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { messageOf, StalledError } from '../../base/errors.js';
import { runCommandOf, type RunInput } from './run-command-line.js';

/** How a program ended. */
export interface RunOutcome {
  /** Why it failed; empty when it did not, or when it told the engine itself. */
  readonly error: string;
  /** The program failed and said why, so that nobody else needs to. */
  readonly isReported: boolean;
}

/** The exit code of the runner of `@pulumi/pulumi` after it told the engine what went wrong. */
const REPORTED = 32;

/**
 * Runs a program and waits for its end. Its output goes to the output of this process, which the engine shows.
 * @param onStart gets the child process, to be able to end it
 * @throws StalledError `sandbox/failed` when the program's folder has no `@pulumi/pulumi`
 */
export function runProgram(input: RunInput, onStart: (child: ChildProcess) => void): Promise<RunOutcome> {
  const command = runCommandOf(input, findRunner(input.workingDirectory));
  const child = spawn(process.execPath, command.args, {
    cwd: input.workingDirectory,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onStart(child);
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ error: `node could not be started: ${messageOf(error)}`, isReported: false }),
    );
    child.once('exit', (code, signal) => resolve(outcomeOf(code, signal)));
  });
}

/** Reads the end of a program's process. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): RunOutcome {
  if (code === 0 || code === REPORTED) {
    return { error: '', isReported: code === REPORTED };
  }
  return {
    error:
      code === null
        ? `Program was ended by ${signal ?? 'a signal'}`
        : `Program exited with non-zero exit code: ${code}`,
    isReported: false,
  };
}

function findRunner(directory: string): string {
  try {
    return createRequire(join(directory, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  } catch (error) {
    throw new StalledError('sandbox/failed', `no @pulumi/pulumi in ${directory}: run npm install there`, {
      cause: error,
    });
  }
}
