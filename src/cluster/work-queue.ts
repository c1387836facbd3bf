/** How soon a piece of work is taken: `urgent` before `bulk`. */
export type Urgency = 'urgent' | 'bulk';

/**
 * Runs work on items, a few at a time, each item once however often it was asked for. An item that is asked for while its work runs is worked on again.
 * Work must not reject.
 */
export class WorkQueue<T> {
  readonly #waiting: Record<Urgency, Set<T>> = { urgent: new Set(), bulk: new Set() };
  readonly #running = new Map<T, { again: Urgency | undefined }>();
  readonly #settled = new Map<T, (() => void)[]>();
  #stopped = false;

  constructor(
    private readonly concurrency: number,
    private readonly work: (item: T) => Promise<void>,
  ) {}

  /** Asks for work on an item. */
  add(item: T, urgency: Urgency): void {
    if (this.#stopped) {
      return;
    }
    const run = this.#running.get(item);
    if (run !== undefined) {
      run.again = run.again === 'urgent' ? 'urgent' : urgency;
      return;
    }
    if (urgency === 'urgent') {
      this.#waiting.bulk.delete(item);
      this.#waiting.urgent.add(item);
    } else if (!this.#waiting.urgent.has(item)) {
      this.#waiting.bulk.add(item);
    }
    this.#fill();
  }

  /** Asks for urgent work on an item; resolves when nothing is left to do for it, or when the queue stops. */
  settle(item: T): Promise<void> {
    if (this.#stopped) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#settled.set(item, [...(this.#settled.get(item) ?? []), resolve]);
      this.add(item, 'urgent');
    });
  }

  /** Drops an item that waits. */
  remove(item: T): void {
    this.#waiting.urgent.delete(item);
    this.#waiting.bulk.delete(item);
    const run = this.#running.get(item);
    if (run !== undefined) {
      run.again = undefined;
    } else {
      this.#resolve(item);
    }
  }

  /** Drops what waits and takes nothing new. Work under way goes on. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.urgent.clear();
    this.#waiting.bulk.clear();
    for (const item of [...this.#settled.keys()]) {
      this.#resolve(item);
    }
  }

  #fill(): void {
    while (this.#running.size < this.concurrency) {
      const item = this.#take();
      if (item === undefined) {
        return;
      }
      const run = { again: undefined };
      this.#running.set(item, run);
      void this.work(item).finally(() => this.#ended(item, run));
    }
  }

  #take(): T | undefined {
    for (const waiting of [this.#waiting.urgent, this.#waiting.bulk]) {
      for (const item of waiting) {
        waiting.delete(item);
        return item;
      }
    }
    return undefined;
  }

  #ended(item: T, run: { again: Urgency | undefined }): void {
    this.#running.delete(item);
    if (run.again !== undefined && !this.#stopped) {
      this.add(item, run.again);
    } else {
      this.#resolve(item);
      this.#fill();
    }
  }

  #resolve(item: T): void {
    const waiting = this.#settled.get(item);
    this.#settled.delete(item);
    waiting?.forEach((resolve) => resolve());
  }
}
