import type { Clock } from '../base/clock.js';

/** A wait that can be cut short. */
export class Pause {
  #end: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Resolves after `ms` milliseconds, or earlier when {@link end} is called. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(ms, () => this.end());
      this.#end = () => {
        cancel();
        this.#end = undefined;
        resolve();
      };
    });
  }

  /** Ends the wait under way, if there is one. */
  end(): void {
    this.#end?.();
  }
}
