import { setMaxListeners } from 'node:events';
import { Cluster, type Patience } from './cluster.js';
import type { ApiClientOptions } from './api-client.js';
import { loadClusterAccess } from './kubeconfig.js';
import type { Settings } from './settings.js';

/** What a session needs from the process it runs in. */
export interface SessionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly patience: Patience;
  readonly client: ApiClientOptions;
}

/** One configured provider of one engine run: its settings, its connection to the cluster, and a way to stop its work. */
export class Session {
  readonly settings: Settings;
  readonly #options: SessionOptions;
  readonly #abort = new AbortController();
  #cluster: Cluster | undefined;

  constructor(settings: Settings, options: SessionOptions) {
    this.settings = settings;
    this.#options = options;
    setMaxListeners(0, this.#abort.signal);
  }

  /**
   * The cluster; nothing is sent to it before the first request.
   * @throws ConfigError when the kubeconfig cannot be used
   */
  get cluster(): Cluster {
    this.#cluster ??= new Cluster(
      loadClusterAccess(this.settings, this.#options.env),
      this.#options.patience,
      this.#options.client,
    );
    return this.#cluster;
  }

  /** The namespace of objects that name none. */
  get namespace(): string {
    return this.settings.namespace ?? this.cluster.contextNamespace ?? 'default';
  }

  /** Fires when the engine cancels. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Stops what is under way and closes the connections. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#cluster?.close();
  }
}
