import type { Clock } from '../base/clock.js';

/** Collects items to be worked on again after a while. Of several times for one item the first holds. One timer serves all. */
export class RetryLater<T> {
  readonly #due = new Map<T, number>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  /** @param retry called with an item when its time came; not called while `isHeld` says so */
  constructor(
    private readonly clock: Clock,
    private readonly isHeld: () => boolean,
    private readonly retry: (item: T) => void,
  ) {}

  /** Has an item tried again in `ms` milliseconds. */
  add(item: T, ms: number): void {
    if (!this.#due.has(item)) {
      const at = this.clock.now() + ms;
      this.#due.set(item, at);
      this.#schedule(at);
    }
  }

  /** Forgets an item. */
  delete(item: T): void {
    this.#due.delete(item);
  }

  /** Tries all items now. */
  flush(): void {
    const items = [...this.#due.keys()];
    this.stop();
    items.forEach((item) => this.retry(item));
  }

  /** Forgets all items. */
  stop(): void {
    this.#due.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(at: number): void {
    if (this.#timer !== undefined && this.#timer.at <= at) {
      return;
    }
    this.#timer?.cancel();
    this.#timer = { at, cancel: this.clock.after(at - this.clock.now(), () => this.#fire()) };
  }

  #fire(): void {
    this.#timer = undefined;
    if (this.isHeld()) {
      return;
    }
    const now = this.clock.now();
    const items = [...this.#due].filter(([, at]) => at <= now).map(([item]) => item);
    items.forEach((item) => this.#due.delete(item));
    items.forEach((item) => this.retry(item));
    for (const at of this.#due.values()) {
      this.#schedule(at);
    }
  }
}
