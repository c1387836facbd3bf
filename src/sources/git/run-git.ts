import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import type { ProdeskError } from '../../base/errors.js';
import { classifyGitFailure, gitFailureKind, stoppedError } from './failure.js';
import type { GitFailureKind } from './failure.js';

/** One git command. */
export interface GitCommand {
  readonly args: readonly string[];
  /** For messages: `read the branch master`. */
  readonly doing: string;
  /** More environment variables, such as `GIT_INDEX_FILE`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a git command and returns what it printed. */
export type RunGit = (command: GitCommand) => Promise<string>;

/** What each command gets. */
export interface GitSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** Values that must not be read in a message. */
  readonly secrets: readonly string[];
}

/** Settings of {@link createGitRunner}. */
export interface GitRunnerOptions {
  /** An existing private folder, for the launcher and process ids. */
  readonly directory: string;
  /** Asked before each command. */
  readonly surroundings: () => Promise<GitSurroundings>;
  /** How long one command may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A git command failed; `kind` says whether a new cache may help. */
export class GitCommandFailure extends Error {
  constructor(
    readonly error: ProdeskError,
    readonly kind: GitFailureKind,
  ) {
    super(error.message, { cause: error });
  }
}

const KILL_GRACE_MS = 2000;
const PID_FILE = 'PRODESK_PID_FILE';

/** Puts git at the head of a process group, so that its helpers (ssh, git-remote-https) can be ended with it. */
const LAUNCHER = `#!/bin/sh
echo $$ > "$${PID_FILE}"
unset ${PID_FILE}
command -v git > /dev/null 2>&1 || { echo 'git is not installed, or not on the PATH' >&2; exit 127; }
if command -v setsid > /dev/null 2>&1; then exec setsid git "$@"; fi
exec git "$@"
`;

/**
 * Prepares running git: one launcher, a fixed environment, a time limit, and the end of the whole process group on abort.
 * The runner throws {@link GitCommandFailure}, or a ProdeskError when the command was ended by a signal or its limit.
 */
export async function createGitRunner(options: GitRunnerOptions): Promise<RunGit> {
  const launcher = join(options.directory, 'launch-git.sh');
  await writeFile(launcher, LAUNCHER, { mode: 0o600 });
  return (command) => runGit(command, options, launcher);
}

async function runGit(command: GitCommand, options: GitRunnerOptions, launcher: string): Promise<string> {
  const { args, doing, signal } = command;
  const stop = new AbortController();
  const pidFile = join(options.directory, `${randomUUID()}.pid`);
  const onAbort = (): void => stop.abort();
  const { environment: common, secrets } = await options.surroundings();
  if (signal?.aborted === true) {
    throw stoppedError(doing, signal, options.timeoutMs);
  }
  const environment = { ...common, ...command.environment, [PID_FILE]: pidFile };
  signal?.addEventListener('abort', onAbort, { once: true });
  const limit = setTimeout(onAbort, options.timeoutMs);
  const forced = killAfterGrace(stop.signal, pidFile);
  try {
    return await Promise.race([spawnGit(args, environment, options.directory, launcher, stop.signal), forced.killed]);
  } catch (thrown) {
    if (stop.signal.aborted) {
      await killGroup(pidFile);
      throw stoppedError(doing, signal, options.timeoutMs);
    }
    const output = thrown instanceof Error ? thrown.message : String(thrown);
    throw new GitCommandFailure(classifyGitFailure(output, { doing, secrets }), gitFailureKind(output));
  } finally {
    clearTimeout(limit);
    forced.cancel();
    signal?.removeEventListener('abort', onAbort);
    await rm(pidFile, { force: true });
  }
}

/** Every setting that simple-git guards against comes from this module alone, hence the permissions. */
function spawnGit(
  args: readonly string[],
  environment: Record<string, string>,
  directory: string,
  launcher: string,
  abort: AbortSignal,
): Promise<string> {
  const git = simpleGit({
    baseDir: directory,
    binary: ['/bin/sh', launcher],
    abort,
    completion: { onClose: true, onExit: false },
    errors: (error, { exitCode }) =>
      error ?? (exitCode === 0 ? undefined : Buffer.from(`git ended with status ${exitCode}`)),
    allowEnvironment: Object.keys(environment),
    unsafe: {
      allowUnsafeCustomBinary: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeFilter: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
    },
  });
  return git.env(environment).raw([...args]);
}

/** simple-git sends SIGINT, so that git can remove its lock files; what still runs after the grace period is killed. */
function killAfterGrace(stop: AbortSignal, pidFile: string): { killed: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const killed = new Promise<never>((_resolve, reject) => {
    const start = (): void => {
      timer = setTimeout(() => {
        killGroup(pidFile).then(() => reject(new Error('killed')), reject);
      }, KILL_GRACE_MS);
    };
    stop.addEventListener('abort', start, { once: true });
  });
  killed.catch(() => undefined);
  return { killed, cancel: () => clearTimeout(timer) };
}

async function killGroup(pidFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1)) {
    return;
  }
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
}
