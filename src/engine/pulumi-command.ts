import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, StalledError } from '../base/errors.js';
import { classifyFailure } from './classify-failure.js';

/** Runs the `pulumi` command once, and returns its standard output. Secret values never go into the arguments, but into `input`. */
export type PulumiCommand = (args: readonly string[], input?: string) => Promise<string>;

/** Where and how the command runs. */
export interface PulumiCommandOptions {
  /** The path of the program; `pulumi` is looked up on `PATH`. */
  readonly program: string;
  /** The folder with `Pulumi.yaml`. */
  readonly directory: string;
  /** The whole environment: backend, passphrase, Pulumi's home. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Longest time that a query of the settings may take, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** The `pulumi` command as a function; what it says on failure is classified and never holds its output, which may be secret. */
export function createPulumiCommand({ program, directory, environment }: PulumiCommandOptions): PulumiCommand {
  return async (args, input = '') => {
    try {
      const running = promisify(execFile)(program, [...args, '--non-interactive', '--color', 'never'], {
        cwd: directory,
        env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: 'true' },
        maxBuffer: 64 * 1024 * 1024,
        timeout: TIMEOUT_MS,
      });
      running.child.stdin?.on('error', () => undefined); // a command that does not read says why by its exit code
      running.child.stdin?.end(input);
      return (await running).stdout;
    } catch (error) {
      const text = hasStderr(error) && error.stderr !== '' ? error.stderr : messageOf(error);
      throw (
        classifyFailure({ text, failures: [], progressed: false }) ??
        new StalledError('engine/failed', messageOf(error), { cause: error })
      );
    }
  };
}

function hasStderr(thrown: unknown): thrown is { readonly stderr: string } {
  return thrown instanceof Error && 'stderr' in thrown && typeof thrown.stderr === 'string';
}
