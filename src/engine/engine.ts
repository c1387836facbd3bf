import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { StackOutputs } from '../app/deployment.js';
import type { Clock } from '../base/clock.js';
import { messageOf, TransientError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { stackIdOf, type WireState, type WorkerSettings } from './protocol.js';
import { FileBackend } from './file-backend.js';
import type { Engine, EngineCallOptions, UpdateRequest, UpdateResult } from './port.js';
import { processStart } from './process-start.js';
import { EMPTY_STATE, type StackState } from './checkpoint.js';
import { workerEnvironment, type WorkerEnvironmentOptions } from './worker-environment.js';
import { WorkerProcess, type WorkerProcessOptions } from './worker-process.js';

/** Options of {@link createEngine}. */
export interface CreateEngineOptions extends Omit<WorkerEnvironmentOptions, 'settings'> {
  readonly settings: WorkerSettings;
  readonly worker: Pick<WorkerProcessOptions, 'module' | 'execArgv'>;
  /** How long an idle worker is kept, in milliseconds. @default 20 s */
  readonly idleMs?: number;
  /** How long a stopped run may take before it is killed, in milliseconds. @default 15 s */
  readonly graceMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The engine of one stack: Pulumi's Automation API in a worker process that is there only while it is needed. */
export function createEngine(options: CreateEngineOptions): Engine {
  return new AutomationEngine(options);
}

class AutomationEngine implements Engine {
  readonly #options: CreateEngineOptions;
  readonly #worker: WorkerProcess;
  readonly #files: FileBackend | undefined;
  /** Whether the stack was seen with something in it: that its state is not there is a loss from then on. */
  #wasSeen = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CreateEngineOptions) {
    this.#options = options;
    const { worker, idleMs = 20_000, graceMs = 15_000, clock, logger, settings } = options;
    this.#worker = new WorkerProcess({
      ...worker,
      environment: workerEnvironment(options),
      idleMs,
      graceMs,
      clock,
      logger,
    });
    const root = FileBackend.rootOf(settings.backendUrl);
    this.#files = root === undefined ? undefined : new FileBackend(root, stackIdOf(settings));
  }

  update(request: UpdateRequest, { signal }: EngineCallOptions = {}): Promise<UpdateResult> {
    return this.#queue(async () => {
      await this.#prepare(signal);
      const result = await this.#worker.run({ kind: 'update', request }, signal);
      this.#wasSeen = true;
      await this.#files?.pruneHistory();
      return result;
    });
  }

  warm(): void {
    const { logger } = this.#options;
    void this.#queue(async () => {
      await this.#prepare(undefined);
      await this.#worker.run({ kind: 'open' }, undefined);
    }).catch((error: unknown) => logger.debug('the engine cannot be made ready', { reason: messageOf(error) }));
  }

  preview(request: UpdateRequest, { signal }: EngineCallOptions = {}): Promise<UpdateResult> {
    return this.#queue(async () => {
      await this.#prepare(signal);
      return this.#worker.run({ kind: 'preview', request }, signal);
    });
  }

  outputs({ signal }: EngineCallOptions = {}): Promise<StackOutputs> {
    return this.#queue(async () => {
      const { outputs, urns } = await this.#readState(signal);
      this.#wasSeen = urns.size > 0;
      return outputs;
    });
  }

  resources({ signal }: EngineCallOptions = {}): Promise<readonly string[]> {
    return this.#queue(async () => [...(await this.#readState(signal)).urns]);
  }

  recover({ signal }: EngineCallOptions = {}): Promise<void> {
    return this.#queue(() => this.#recover(signal));
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  /** What the daemon itself left behind is cleaned up without being asked. */
  async #prepare(signal: AbortSignal | undefined): Promise<void> {
    await this.#createFolders();
    if (this.#worker.takeCrashed()) {
      await this.#recover(signal);
    }
    await this.#requireState();
  }

  /** An update without the state would adopt what it is about, and forget all else. */
  async #requireState(): Promise<void> {
    if (this.#files === undefined || !this.#wasSeen || (await this.#files.hasStack())) {
      return;
    }
    throw new TransientError(
      'engine/state-lost',
      `the stack's state is gone: ${this.#files.statePath}; it is built anew from its copies, or from the cluster`,
    );
  }

  async #recover(signal: AbortSignal | undefined): Promise<void> {
    await this.#createFolders();
    if (!(await this.#recoverFiles())) {
      return;
    }
    const { pendingOperations, urns } = await this.#readState(signal);
    this.#wasSeen = urns.size > 0;
    if (pendingOperations > 0) {
      this.#options.logger.warn('pending operations of an interrupted update are cleared');
      await this.#worker.run({ kind: 'clearPending' }, signal);
    }
  }

  /** Whether nobody holds the stack, as far as the file backend shows it. */
  async #recoverFiles(): Promise<boolean> {
    if (this.#files === undefined) {
      return true;
    }
    const { logger } = this.#options;
    const { broken, kept } = await this.#files.breakDeadLocks({ hostname: hostname(), processStart });
    if (broken > 0) {
      logger.warn('locks of dead processes were removed', { locks: broken });
    }
    if (kept.length > 0) {
      logger.warn('the stack is locked by another process', { owners: kept.map(ownerOf) });
      return false;
    }
    const restoration = await this.#files.restoreState();
    const file = this.#files.statePath;
    if (restoration === 'restored') {
      logger.warn("the stack's state could not be read and is restored from its last good copy", { file });
    } else if (restoration === 'lost') {
      logger.error("the stack's state is lost; it is built anew by taking live objects over", {
        broken: `${file}.corrupt`,
      });
    }
    return true;
  }

  async #readState(signal: AbortSignal | undefined): Promise<StackState> {
    if (this.#files === undefined) {
      return fromWire(await this.#worker.run({ kind: 'readState' }, signal));
    }
    const state = await this.#files.readState();
    if (state === undefined) {
      throw new TransientError(
        'engine/crashed',
        `the stack's state cannot be read: ${this.#files.statePath}; recovery restores the last good copy`,
      );
    }
    return state;
  }

  async #createFolders(): Promise<void> {
    const root = FileBackend.rootOf(this.#options.settings.backendUrl);
    const folders = [this.#options.settings.pulumiHome, ...(root === undefined ? [] : [root])];
    await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  }

  #queue<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function fromWire(state: WireState): StackState {
  return { ...EMPTY_STATE, ...state, urns: new Set(state.urns) };
}

function ownerOf({ username, hostname: host, pid }: { username: string; hostname: string; pid: number }): string {
  return `${username}@${host} (process ${pid})`;
}
