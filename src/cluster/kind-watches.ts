import { APP_LABEL } from '../app/tracking.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import type { KubeClient } from './client.js';
import type { Discovery } from './discovery.js';
import type { KindObjects } from './inventory.js';
import type { KubeObject } from './kube-object.js';
import { startListWatch, type ListWatch } from './list-watch.js';
import type { ObserverTimings } from './timings.js';

/** Told what the watches of all kinds see. */
export interface KindWatchesHandler {
  onObject(kindId: string, object: KubeObject, source: 'list' | 'watch'): void;
  onGone(kindId: string, object: KubeObject): void;
  onListed(kindId: string, names: ReadonlySet<string>): void;
  /** The problem of a kind began, changed or ended; see {@link KindWatches.problemOf}. */
  onProblem(kindId: string): void;
}

/** What {@link KindWatches} needs. */
export interface KindWatchesOptions {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly timings: ObserverTimings;
  readonly handler: KindWatchesHandler;
}

interface KindWatch {
  readonly watch: ListWatch;
  isListed: boolean;
  problem: string | undefined;
}

/** One watch for each kind in use, of the objects that carry the application label. */
export class KindWatches {
  readonly #options: KindWatchesOptions;
  readonly #watches = new Map<string, KindWatch>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: KindWatchesOptions) {
    this.#options = options;
  }

  /** Opens the watches of kinds that came into use, and closes those of kinds that are not used any more. */
  use(kinds: ReadonlyMap<string, KindObjects>): void {
    for (const id of this.#watches.keys()) {
      if (!kinds.has(id)) {
        this.#close(id);
      }
    }
    for (const [id, kind] of kinds) {
      if (!this.#watches.has(id)) {
        this.#open(id, kind);
      }
    }
  }

  /** Whether a kind's objects were listed: its objects that were not seen then need to be read one by one. */
  isListed(kindId: string): boolean {
    return this.#watches.get(kindId)?.isListed ?? false;
  }

  /** Why a kind cannot be seen; undefined when it can. */
  problemOf(kindId: string): string | undefined {
    return this.#watches.get(kindId)?.problem;
  }

  /** Lets all watches that wait try again now. */
  wake(): void {
    this.#watches.forEach(({ watch }) => watch.wake());
  }

  async stop(): Promise<void> {
    [...this.#watches.keys()].forEach((id) => this.#close(id));
    await Promise.all(this.#closing);
  }

  #open(id: string, { apiVersion, kind }: KindObjects): void {
    const { handler, discovery, ...shared } = this.#options;
    const watch = startListWatch({
      ...shared,
      what: id,
      labelSelector: APP_LABEL,
      findPath: async (signal) => (await discovery.find(apiVersion, kind, signal))?.path,
      onPathGone: () => discovery.forget(apiVersion),
      handler: {
        onObject: (object, source) => handler.onObject(id, object, source),
        onGone: (object) => handler.onGone(id, object),
        onListed: (names) => {
          entry.isListed = true;
          handler.onListed(id, names);
        },
        onProblem: (problem) => {
          if (entry.problem !== problem) {
            this.#report(id, problem);
            entry.problem = problem;
            handler.onProblem(id);
          }
        },
      },
    });
    const entry: KindWatch = { watch, isListed: false, problem: undefined };
    this.#watches.set(id, entry);
  }

  #report(kind: string, problem: string | undefined): void {
    if (problem === undefined) {
      this.#options.logger.info('kind is watched again', { kind });
    } else {
      this.#options.logger.warn('kind cannot be watched', { kind, problem });
    }
  }

  #close(id: string): void {
    const entry = this.#watches.get(id);
    this.#watches.delete(id);
    if (entry !== undefined) {
      const closing = entry.watch.stop().finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
  }
}
