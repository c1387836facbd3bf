import { fork, type ChildProcess } from 'node:child_process';
import { CancelledError, ProdeskError, TransientError } from '../base/errors.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import { fromWireError, type FromWorker, type TaskResults, type ToWorker, type WorkerTask } from './protocol.js';

/** How a worker is started and kept. Times in milliseconds. */
export interface WorkerProcessOptions {
  /** The module to run, such as `src/cli/engine-worker.ts`. */
  readonly module: string;
  /** Arguments of node, such as `--import tsx`. */
  readonly execArgv: readonly string[];
  /** The worker's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long an idle worker is kept, because the next run starts about a second sooner with it. */
  readonly idleMs: number;
  /** How long a stopped run may take before everything is killed. */
  readonly graceMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a worker that was made ready waits at least for what it was made ready for: the synthesis of a large commit. */
const AWAITED_MS = 15_000;

interface Pending {
  readonly child: ChildProcess;
  readonly id: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ProdeskError) => void;
}

interface Ending {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** The end of what it wrote to its standard error. */
  readonly complaint: string;
}

/**
 * The process in which Pulumi's SDK runs. The SDK and the command need some 300 MiB; they are only there while something is to be done.
 * The worker leads its own process group, so that killing it leaves no `pulumi` behind. One task at a time.
 */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;
  #child: ChildProcess | undefined;
  #pending: Pending | undefined;
  #cancelIdle: () => void = () => undefined;
  #lastId = 0;
  #crashed = false;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
  }

  /** The worker's process id while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether a run ended by force since this was last asked; its lock is then left behind. */
  takeCrashed(): boolean {
    const crashed = this.#crashed;
    this.#crashed = false;
    return crashed;
  }

  /**
   * Lets the worker do a task.
   * @throws TransientError `engine/crashed` when the worker dies; CancelledError when the signal fired; what the task throws
   */
  async run<K extends WorkerTask['kind']>(
    task: WorkerTask & { readonly kind: K },
    signal: AbortSignal | undefined,
  ): Promise<TaskResults[K]> {
    throwIfAborted(signal);
    this.#cancelIdle();
    const child = this.#child ?? this.#start();
    const id = ++this.#lastId;
    const result = new Promise<unknown>((resolve, reject) => {
      this.#pending = { child, id, resolve, reject };
    });
    const message: ToWorker = { type: 'run', id, task };
    child.send(message);
    const stopWatching = this.#watchAbort(child, id, signal);
    try {
      return (await result) as TaskResults[K];
    } catch (error) {
      throwIfAborted(signal);
      throw error;
    } finally {
      stopWatching();
      this.#pending = undefined;
      const { clock, idleMs } = this.#options;
      const keptMs = task.kind === 'open' ? Math.max(idleMs, AWAITED_MS) : idleMs;
      this.#cancelIdle = clock.after(keptMs, () => this.#retire());
    }
  }

  /** Ends the worker and everything it started. */
  async close(): Promise<void> {
    this.#cancelIdle();
    const child = this.#child;
    if (child === undefined) {
      return;
    }
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.#retire();
    const cancelKill = this.#options.clock.after(this.#options.graceMs, () => killGroup(child));
    await ended;
    cancelKill();
  }

  #start(): ChildProcess {
    const { module, execArgv, environment, logger } = this.#options;
    const child = fork(module, [], {
      execArgv: [...execArgv],
      env: { ...environment },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-2_000);
    });
    child.on('message', (message) => this.#receive(message as FromWorker));
    child.on('error', (error) => logger.warn('engine worker cannot be reached', { error: error.message }));
    child.once('exit', (code, killedBy) => this.#ended(child, { code, killedBy, complaint }));
    logger.debug('engine worker started', { pid: child.pid });
    this.#child = child;
    return child;
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending;
    if (pending?.id !== message.id) {
      return;
    }
    if (message.type === 'done') {
      pending.resolve(message.result);
    } else {
      pending.reject(fromWireError(message.error));
    }
  }

  #ended(child: ChildProcess, how: Ending): void {
    killGroup(child);
    const wasRetired = this.#child !== child;
    if (!wasRetired) {
      this.#child = undefined;
    }
    const pending = this.#pending?.child === child ? this.#pending : undefined;
    if (pending !== undefined && wasRetired) {
      pending.reject(new CancelledError('cancelled/shutdown', 'the engine was closed'));
    } else if (pending !== undefined) {
      this.#crashed = true;
      pending.reject(crashOf(how));
    }
    this.#options.logger.debug('engine worker ended', { pid: child.pid, code: how.code, signal: how.killedBy });
  }

  /** Asks the worker to stop the run, then kills it with all that it started. */
  #watchAbort(child: ChildProcess, id: number, signal: AbortSignal | undefined): () => void {
    let cancelKill: () => void = () => undefined;
    const onAbort = (): void => {
      const message: ToWorker = { type: 'cancel', id };
      if (child.connected) {
        child.send(message);
      }
      cancelKill = this.#options.clock.after(this.#options.graceMs, () => killGroup(child));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return () => {
      signal?.removeEventListener('abort', onAbort);
      cancelKill();
    };
  }

  /** The worker ends by itself when its channel closes. */
  #retire(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child?.connected === true) {
      child.disconnect();
    }
  }
}

function crashOf({ code, killedBy, complaint }: Ending): ProdeskError {
  const reason = killedBy === null ? `code ${code}` : `signal ${killedBy}`;
  const last = complaint.trim().split('\n').slice(-3).join(' ');
  return new TransientError('engine/crashed', `the engine worker ended unexpectedly (${reason})${last && `: ${last}`}`);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw signal.reason instanceof ProdeskError
      ? signal.reason
      : new CancelledError('cancelled/superseded', 'the engine was stopped before it was done');
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) {
      throw thrown;
    }
  }
}
