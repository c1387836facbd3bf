import { StalledError } from '../../base/errors.js';
import { classifyFailure } from '../classify-failure.js';
import { EMPTY_STATE, parseState, withoutPendingOperations, withoutResources, type StackState } from '../checkpoint.js';
import { FileBackend } from '../file-backend.js';
import {
  stackIdOf,
  toWireError,
  type FromWorker,
  type ToWorker,
  type WorkerSettings,
  type WorkerTask,
} from '../protocol.js';
import { messageOf, ProdeskError } from '../../base/errors.js';
import { AutomationStack, type EngineEnvironment } from './automation-stack.js';
import { runRequest, type DeployFunction, type StrangeFinder } from './run-request.js';

/** The worker's side of the connection to the daemon. */
export interface Channel {
  send(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
}

/** What a worker is made of. */
export interface WorkerParts {
  readonly settings: WorkerSettings;
  readonly deploy: DeployFunction;
  readonly findStrange: StrangeFinder;
  /** For the engine: where the provider is, if not a plugin. */
  readonly environment: EngineEnvironment;
  /** Called before each run with whether existing objects are adopted; for a provider in this process. */
  readonly onAdopt?: (adopt: boolean) => void;
  readonly channel: Channel;
}

/** A worker that serves. */
export interface RunningWorker {
  /** Stops the task that runs, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Serves tasks of the daemon, one at a time. */
export function serveWorker(parts: WorkerParts): RunningWorker {
  const worker = new Worker(parts);
  const running = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();
  parts.channel.onMessage((message) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const { id, task } = message;
    const controller = new AbortController();
    running.set(id, controller);
    last = last.then(async () => {
      parts.channel.send(await worker.answer(id, task, controller.signal));
      running.delete(id);
    });
  });
  return {
    stop() {
      running.forEach((controller) => controller.abort());
      return last;
    },
  };
}

class Worker {
  readonly #parts: WorkerParts;
  readonly #stack: AutomationStack;
  readonly #files: FileBackend | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    const root = FileBackend.rootOf(parts.settings.backendUrl);
    const files = root === undefined ? undefined : new FileBackend(root, stackIdOf(parts.settings));
    this.#files = files;
    this.#stack = new AutomationStack(
      parts.settings,
      parts.environment,
      async () => (await files?.hasStack()) === true,
    );
  }

  async answer(id: number, task: WorkerTask, signal: AbortSignal): Promise<FromWorker> {
    try {
      return { type: 'done', id, result: await this.#perform(task, signal) };
    } catch (error) {
      return { type: 'failed', id, error: toWireError(asProdeskError(error)) };
    }
  }

  async #perform(task: WorkerTask, signal: AbortSignal): Promise<unknown> {
    switch (task.kind) {
      case 'update':
      case 'preview':
        this.#openAhead();
        this.#parts.onAdopt?.(task.request.adopt);
        return runRequest(task.kind, task.request, {
          id: stackIdOf(this.#parts.settings),
          stack: this.#stack,
          deploy: this.#parts.deploy,
          findStrange: this.#parts.findStrange,
          release: (urns) => this.#change((deployment) => withoutResources(deployment, urns)),
          readState: () => this.#readState(),
          signal,
        });
      case 'readState': {
        const { outputs, pendingOperations, urns } = await this.#readState();
        return { outputs, pendingOperations, urns: [...urns] };
      }
      case 'open':
        await Promise.all([this.#stack.open(), this.#readState()]);
        return undefined;
      case 'clearPending':
        return this.#change(withoutPendingOperations);
    }
  }

  /** Opens the stack while the state is read; what goes wrong is told by the run, which opens it too. */
  #openAhead(): void {
    void this.#stack.open().catch(() => undefined);
  }

  /** A file is looked at each time, because a person may have run `pulumi up`; other backends are asked by the command. */
  async #readState(): Promise<StackState> {
    const fromFile = await this.#files?.readState();
    if (fromFile !== undefined) {
      return fromFile;
    }
    const state = parseState(JSON.stringify(await this.#stack.export()));
    if (state === undefined) {
      throw new StalledError('engine/failed', 'the backend gave a state of an unknown form; update prodesk');
    }
    return state.urns.size === 0 ? EMPTY_STATE : state;
  }

  async #change(change: (deployment: object) => object): Promise<undefined> {
    const exported = await this.#stack.export();
    const { deployment } = exported as { deployment: object };
    await this.#stack.import({ ...exported, deployment: change(deployment) });
    return undefined;
  }
}

function asProdeskError(thrown: unknown): ProdeskError {
  if (thrown instanceof ProdeskError) {
    return thrown;
  }
  const text = messageOf(thrown);
  return (
    classifyFailure({ text, failures: [], progressed: false }) ??
    new StalledError('engine/failed', text, { cause: thrown })
  );
}
