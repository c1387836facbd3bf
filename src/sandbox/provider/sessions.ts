import { StalledError } from '../../base/errors.js';
import { Session, type SessionOptions } from './session.js';
import type { Settings } from './settings.js';

const MOST_SESSIONS = 64;

/**
 * The configured providers of a process. Each provider of each engine run has a connection of its own, and its session is found by that;
 * so one process may serve several stacks at once.
 */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #byPeer = new Map<string, Session>();
  #latest: Session | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Starts the session of a connection. */
  async configure(peer: string, settings: Settings): Promise<void> {
    await this.end(peer);
    const session = new Session(settings, this.#options);
    this.#byPeer.delete(peer);
    this.#byPeer.set(peer, session);
    this.#latest = session;
    await this.#forgetOldest();
  }

  /**
   * The session of a connection, or the latest one, because an engine's connection may have been made anew.
   * @throws StalledError `cluster/rejected` before any configuration
   */
  of(peer: string): Session {
    const session = this.#byPeer.get(peer) ?? this.#latest;
    if (session === undefined) {
      throw new StalledError('cluster/rejected', 'the Kubernetes provider was not configured before its use');
    }
    return session;
  }

  /** Stops the work of a connection. What it asks for later is refused as cancelled. */
  async end(peer: string): Promise<void> {
    await this.#byPeer.get(peer)?.close();
  }

  /** Stops all work. */
  async close(): Promise<void> {
    await Promise.all([...this.#byPeer.keys()].map((peer) => this.end(peer)));
  }

  /** Nobody says that a connection is gone, so those that ended are forgotten first, then the oldest. */
  async #forgetOldest(): Promise<void> {
    const peers = [...this.#byPeer];
    if (peers.length > MOST_SESSIONS) {
      const [oldest] = [...peers.filter(([, session]) => session.signal.aborted), ...peers];
      await oldest?.[1].close();
      this.#byPeer.delete(oldest?.[0] ?? '');
    }
  }
}
