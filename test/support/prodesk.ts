import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const ENTRY = resolve('src/cli/prodesk.mjs');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `prodesk` command in a process of its own, with nothing but the given environment and where programs are. */
export function runProdesk(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { PATH, HOME } = process.env;
  return new Promise((done, fail) => {
    const child = execFile(
      process.execPath,
      [ENTRY, ...args],
      { env: { PATH, HOME, ...env }, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (child.exitCode === null) {
          fail(error ?? new Error(`prodesk ${args.join(' ')} was ended by a signal`));
        } else {
          done({ code: child.exitCode, stdout, stderr });
        }
      },
    );
  });
}
