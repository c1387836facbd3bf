import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { StalledError } from '../base/errors.js';
import type { Environment } from './environment.js';

/**
 * Runs a program in its own process group, beside a watcher that holds a pipe to us on descriptor 3. When the pipe closes,
 * because we closed it or because we died in whatever way, the watcher ends the group: politely, then by force.
 * The program takes the shell's place, so its process id is the group's. `$0` is the time it has to end, in tenths of a second.
 */
const WATCHED = `
( trap '' TERM INT HUP
  read -r _ <&3
  kill -s TERM -- -$$
  n=0
  while [ "$n" -lt "$0" ] && kill -0 $$; do sleep 0.1; n=$((n + 1)); done
  kill -s KILL -- -$$
) >/dev/null 2>&1 &
exec 3<&-
exec "$@"
`;

/** How a process ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process that never outlives this process, however this one ends. */
export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process ended, for whatever reason. */
  readonly exited: Promise<ExitStatus>;
  /** Asks it to end, ends it by force after the grace period, and waits until it is gone. */
  stop(): Promise<void>;
}

/** What to run. */
export interface SupervisedProcessOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the process. */
  readonly env?: Environment;
  /** Both outputs are appended to this file. */
  readonly logFile: string;
  /** Time between the polite and the forced end, in milliseconds; 10 s by default. */
  readonly graceMs?: number;
}

/**
 * Starts a process that ends when this one does, also when this one is killed by SIGKILL.
 * @throws StalledError `sandbox/failed` when it cannot be started
 */
export async function superviseProcess(options: SupervisedProcessOptions): Promise<SupervisedProcess> {
  const log = await open(options.logFile, 'a', 0o600);
  const grace = Math.ceil((options.graceMs ?? 10_000) / 100);
  const child = spawn('/bin/sh', ['-c', WATCHED, String(grace), options.program, ...options.args], {
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  });
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  await log.close();
  const pid = child.pid;
  if (pid === undefined) {
    throw new StalledError('sandbox/failed', `cannot start ${options.name}: /bin/sh does not run`);
  }
  const lifeline = child.stdio[3];
  lifeline?.on('error', () => undefined);
  void exited.then(() => endGroup(pid));
  return {
    name: options.name,
    pid,
    exited,
    async stop() {
      lifeline?.destroy();
      await exited;
    },
  };
}

/** Ends what is left of a group whose leader is gone: the watcher keeps the group's number from being used again. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (thrown) {
    if (!isNoSuchProcess(thrown)) {
      throw thrown;
    }
  }
}

/** Whether a signal found no process. */
export function isNoSuchProcess(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
}
