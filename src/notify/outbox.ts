import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import type { Notice } from '../driver/core/news.js';
import { messageFor } from './message.js';
import type { Post, PostResult } from './post.js';
import type { Receiver } from './receiver.js';

/** What became of the notices for one receiver. */
export interface OutboxCounts {
  readonly waiting: number;
  readonly sent: number;
  /** Pushed out by newer ones, refused, given up, or left at the end. */
  readonly dropped: number;
}

/** What {@link Outbox} works with. */
export interface OutboxOptions {
  readonly receiver: Receiver;
  readonly post: Post;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** How many notices wait for one receiver. */
export const OUTBOX_SIZE = 100;
/** After so many attempts a notice is no news any more: about half an hour. */
const ATTEMPTS = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Notices on their way to one receiver, in order and one at a time. Nobody waits for it: putting one in takes no time, and a receiver that
 * does not answer costs its own notices only.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #abort = new AbortController();
  readonly #waiting: Notice[] = [];
  #sent = 0;
  #dropped = 0;
  #working: Promise<void> | undefined;
  #wakeUp: () => void = () => undefined;
  #isStopping = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  put(notice: Notice): void {
    if (this.#isStopping) {
      this.#dropped += 1;
      return;
    }
    if (this.#waiting.length >= OUTBOX_SIZE) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(notice);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  counts(): OutboxCounts {
    return { waiting: this.#waiting.length, sent: this.#sent, dropped: this.#dropped };
  }

  /** Sends what waits, once each and for at most `graceMs`; the rest is dropped. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#wakeUp();
    const cancel = this.#options.clock.after(graceMs, () => this.#abort.abort());
    await this.#working;
    cancel();
    this.#dropped += this.#waiting.length;
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    for (
      let notice = this.#waiting[0];
      notice !== undefined && !this.#abort.signal.aborted;
      notice = this.#waiting[0]
    ) {
      const isTaken = await this.#send(notice);
      this.#sent += isTaken ? 1 : 0;
      // Newer notices may have pushed it out meanwhile, which counted it already.
      if (this.#waiting[0] === notice) {
        this.#waiting.shift();
        this.#dropped += isTaken ? 0 : 1;
      } else if (isTaken) {
        this.#dropped -= 1;
      }
    }
  }

  async #send(notice: Notice): Promise<boolean> {
    const { receiver, post, logger } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const result = await post(receiver.url, messageFor(receiver, notice), this.#abort.signal);
      if (result.kind === 'taken') {
        return true;
      }
      const isLast = result.kind === 'refused' || attempt >= ATTEMPTS || this.#isStopping;
      const fields = { receiver: receiver.name, event: notice.event, app: notice.app, reason: result.reason };
      if (isLast) {
        logger.warn('a notification was not taken and is dropped', fields);
        return false;
      }
      logger.debug('a notification was not taken; it is tried again', fields);
      await this.#pause(this.#waitMs(result, attempt));
    }
  }

  #waitMs(result: PostResult, attempt: number): number {
    const spread = 0.8 + 0.4 * this.#options.random();
    const backoff = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS) * spread;
    return result.kind === 'later' ? Math.max(result.retryAfterMs ?? 0, backoff) : backoff;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wakeUp = () => {
        cancel();
        resolve();
      };
      if (this.#isStopping) {
        this.#wakeUp();
      }
    });
  }
}
