import { execFile } from 'node:child_process';
import type { Environment } from './environment.js';

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the command; ours by default. */
  readonly env?: Environment;
  /** What the command reads. */
  readonly input?: string | Uint8Array;
  /** Milliseconds after which it is ended; none by default. */
  readonly timeoutMs?: number;
}

/**
 * Runs a short command to its end and gives what it printed.
 * @throws Error naming the command and what it said, when it cannot run or ends with another code than 0
 */
export function runCommand(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        maxBuffer: 64 * 1024 * 1024,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: { ...options.env } }),
        ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const said = stderr.trim() || error.message;
        reject(new Error(`${program} ${args[0] ?? ''}: ${said}`, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });
}
