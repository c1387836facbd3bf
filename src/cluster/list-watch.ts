import type { Clock } from '../base/clock.js';
import { CancelledError, messageOf, StalledError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { backoffMs } from './backoff.js';
import type { KubeClient } from './client.js';
import { askedWaitMs, findStatus } from './failure.js';
import type { KubeObject } from './kube-object.js';
import { Pause } from './pause.js';
import type { ObserverTimings } from './timings.js';

/** How many objects one page of a list holds: pages are parsed whole, and few pages are in memory at once. */
const PAGE_SIZE = 100;
/** A watch that ends sooner than this counts as failed, so that a server that closes at once is not hammered. */
const SHORT_WATCH_MS = 1_000;
/** After this many failures in a row the resource version is not trusted any more and the objects are listed again. */
const RELIST_AFTER_FAILURES = 3;

/** Told what a list and watch sees, in the order in which it sees it. */
export interface ListWatchHandler {
  /** An object exists in this form. */
  onObject(object: KubeObject, source: 'list' | 'watch'): void;
  /** An object was deleted, or no longer matches the selector. */
  onGone(object: KubeObject): void;
  /** A list was complete; `names` are the objects in it as `namespace/name`. */
  onListed(names: ReadonlySet<string>): void;
  /** Why nothing can be seen at present; undefined when it can. */
  onProblem(problem: string | undefined): void;
}

/** What {@link startListWatch} needs. */
export interface ListWatchOptions {
  /** For log messages: `apps/v1/Deployment`. */
  readonly what: string;
  /** The path to list; undefined when the API server does not serve the kind. Asked before each attempt. */
  readonly findPath: (signal: AbortSignal) => Promise<string | undefined>;
  /** Called when a path that was found is not served any more. */
  readonly onPathGone?: () => void;
  readonly labelSelector?: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly timings: ObserverTimings;
  readonly handler: ListWatchHandler;
}

/** A list and watch under way. */
export interface ListWatch {
  /** Tries again now instead of waiting for the next attempt. */
  wake(): void;
  stop(): Promise<void>;
}

/** The name of an object in a kind: `namespace/name`; cluster-scoped ones begin with the slash. */
export function scopedNameOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}

/** Lists the objects of a kind, then follows their changes; repeats for ever, whatever fails, until it is stopped. */
export function startListWatch(options: ListWatchOptions): ListWatch {
  const loop = new ListWatchLoop(options);
  const ended = loop.run();
  return {
    wake: () => loop.wake(),
    async stop() {
      loop.stop();
      await ended;
    },
  };
}

class ListWatchLoop {
  readonly #options: ListWatchOptions;
  readonly #abort = new AbortController();
  readonly #pause: Pause;
  /** From where the next watch goes on; undefined when the objects must be listed first. */
  #resourceVersion: string | undefined;
  #failures = 0;
  /** How often in a row the kind was not there. */
  #misses = 0;

  constructor(options: ListWatchOptions) {
    this.#options = options;
    this.#pause = new Pause(options.clock);
  }

  wake(): void {
    this.#misses = 0;
    this.#pause.end();
  }

  stop(): void {
    this.#abort.abort();
    this.#pause.end();
  }

  async run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const waitMs = await this.#attempt().catch((error: unknown) => this.#waitAfter(error));
      if (waitMs > 0 && !this.#abort.signal.aborted) {
        await this.#pause.wait(waitMs);
      }
    }
  }

  /** Lists if necessary and watches until the watch ends. Gives the wait before the next attempt. */
  async #attempt(): Promise<number> {
    const { findPath, handler, timings, random, clock, what } = this.#options;
    const path = await findPath(this.#abort.signal);
    if (path === undefined) {
      this.#resourceVersion = undefined;
      handler.onProblem(`the API server has no ${what}; is its CRD installed?`);
      this.#misses += 1;
      return backoffMs(this.#misses, timings.kindRetry, random());
    }
    this.#misses = 0;
    this.#resourceVersion ??= await this.#list(path);
    const openedAt = clock.now();
    await this.#watch(path, this.#resourceVersion);
    return clock.now() - openedAt < SHORT_WATCH_MS ? this.#nextBackoff() : 0;
  }

  async #list(path: string): Promise<string> {
    const { client, handler, labelSelector } = this.#options;
    const names = new Set<string>();
    let continueToken: string | undefined;
    let resourceVersion: string;
    do {
      const page = await client.list(path, {
        limit: PAGE_SIZE,
        signal: this.#abort.signal,
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...(continueToken === undefined ? {} : { continueToken }),
      });
      for (const object of page.items) {
        names.add(scopedNameOf(object.metadata));
        handler.onObject(object, 'list');
      }
      ({ continueToken, resourceVersion } = page);
    } while (continueToken !== undefined);
    handler.onProblem(undefined);
    handler.onListed(names);
    return resourceVersion;
  }

  async #watch(path: string, resourceVersion: string): Promise<void> {
    const { client, handler, labelSelector, timings, random } = this.#options;
    const events = client.watch(path, {
      resourceVersion,
      timeoutSeconds: Math.max(1, Math.round((timings.watchMs * (1 - random() / 4)) / 1000)),
      idleTimeoutMs: timings.idleMs,
      signal: this.#abort.signal,
      onOpen: () => handler.onProblem(undefined),
      ...(labelSelector === undefined ? {} : { labelSelector }),
    });
    for await (const { type, object } of events) {
      this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
      this.#failures = 0;
      if (type === 'DELETED') {
        handler.onGone(object);
      } else if (type !== 'BOOKMARK') {
        handler.onObject(object, 'watch');
      }
    }
  }

  #waitAfter(error: unknown): number {
    if (this.#abort.signal.aborted || error instanceof CancelledError) {
      return 0;
    }
    const { handler, logger, what, onPathGone } = this.#options;
    const code = findStatus(error)?.code;
    if (code === 404) {
      this.#resourceVersion = undefined;
      onPathGone?.();
      return this.#nextBackoff();
    }
    if (code === 410) {
      logger.debug('watch is too old, listing again', { what });
      this.#resourceVersion = undefined;
      this.#failures += 1;
      return this.#failures === 1 ? 1 : this.#nextBackoff();
    }
    const waitMs = Math.max(this.#nextBackoff(), askedWaitMs(error));
    if (error instanceof StalledError || (code !== undefined && this.#failures > 1)) {
      handler.onProblem(messageOf(error));
    }
    logger.debug('watch failed', { what, error: messageOf(error), waitMs: Math.round(waitMs) });
    return waitMs;
  }

  #nextBackoff(): number {
    this.#failures += 1;
    if (this.#failures >= RELIST_AFTER_FAILURES) {
      this.#resourceVersion = undefined;
    }
    return backoffMs(this.#failures, this.#options.timings.backoff, this.#options.random());
  }
}
