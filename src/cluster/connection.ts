import type { Clock } from '../base/clock.js';
import { CancelledError, messageOf } from '../base/errors.js';
import type { KubeClient, WatchEvent, WatchOptions } from './client.js';
import { findStatus } from './failure.js';
import type { ObserverTimings } from './timings.js';

/** Whether the API server answers, and since when. */
export interface ConnectionStatus {
  readonly reachable: boolean;
  /** Since when it is so, in milliseconds since the epoch. */
  readonly since: number;
  readonly message?: string;
}

/** What {@link Connection} needs. */
export interface ConnectionOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timings: ObserverTimings;
  /** Called when the cluster becomes unreachable, and when it is back. */
  readonly onChange: (reachable: boolean) => void;
}

/** Knows whether the API server answers, from every request that goes through {@link Connection.client}, and probes it when it does not. */
export class Connection {
  /** The client whose requests are listened to. */
  readonly client: KubeClient;
  readonly #options: ConnectionOptions;
  readonly #abort = new AbortController();
  #status: ConnectionStatus;
  #failure: { readonly since: number; readonly message: string } | undefined;
  #heardAt: number;
  #cancelTimer: () => void = () => undefined;
  #probing: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const now = options.clock.now();
    this.#heardAt = now;
    this.#status = { reachable: false, since: now, message: 'not asked yet' };
    this.client = this.#listening(options.client);
  }

  status(): ConnectionStatus {
    return this.#status;
  }

  /** Asks the API server once, then begins to watch over the connection. Never throws. */
  async start(): Promise<void> {
    await this.#probe();
    this.#judge();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer();
    await this.#probing;
  }

  #schedule(): void {
    if (this.#abort.signal.aborted) {
      return;
    }
    const { clock, timings } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = clock.after(timings.probeMs, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const { clock, timings } = this.#options;
    if (this.#failure !== undefined || clock.now() - this.#heardAt > timings.heartbeatMs) {
      await this.#probe();
      this.#judge();
    }
    this.#schedule();
  }

  async #probe(): Promise<void> {
    this.#probing = this.client.read('/version', this.#abort.signal).then(
      () => undefined,
      () => undefined,
    );
    await this.#probing;
  }

  #listening(client: KubeClient): KubeClient {
    const heard = async <T>(request: Promise<T>): Promise<T> => {
      try {
        const answer = await request;
        this.#succeeded();
        return answer;
      } catch (error) {
        this.#failed(error);
        throw error;
      }
    };
    return {
      read: (...args) => heard(client.read(...args)),
      get: (...args) => heard(client.get(...args)),
      list: (...args) => heard(client.list(...args)),
      apply: (...args) => heard(client.apply(...args)),
      create: (...args) => heard(client.create(...args)),
      replace: (...args) => heard(client.replace(...args)),
      delete: (...args) => heard(client.delete(...args)),
      watch: (path, options) => this.#watch(client, path, options),
      close: () => client.close(),
    };
  }

  async *#watch(client: KubeClient, path: string, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    const onOpen = (): void => {
      this.#succeeded();
      options.onOpen?.();
    };
    try {
      for await (const event of client.watch(path, { ...options, onOpen })) {
        this.#succeeded();
        yield event;
      }
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  #succeeded(): void {
    this.#heardAt = this.#options.clock.now();
    this.#failure = undefined;
    if (!this.#status.reachable) {
      this.#set({ reachable: true, since: this.#heardAt });
    }
  }

  #failed(error: unknown): void {
    if (error instanceof CancelledError) {
      return;
    }
    if (findStatus(error) !== undefined) {
      this.#succeeded();
      return;
    }
    this.#failure = { since: this.#failure?.since ?? this.#options.clock.now(), message: messageOf(error) };
  }

  /** A single failure may be a connection that was closed while idle; one that lasts makes the cluster unreachable. */
  #judge(): void {
    const { clock, timings } = this.#options;
    if (this.#failure === undefined) {
      return;
    }
    const { since, message } = this.#failure;
    if (!this.#status.reachable) {
      this.#status = { ...this.#status, message };
    } else if (clock.now() - since >= timings.graceMs) {
      this.#set({ reachable: false, since, message });
    }
  }

  #set(status: ConnectionStatus): void {
    this.#status = status;
    this.#options.onChange(status.reachable);
  }
}
