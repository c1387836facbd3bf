import { Agent } from 'undici';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import type { Notice } from '../driver/core/news.js';
import { messageFor } from './message.js';
import { Outbox, type OutboxCounts } from './outbox.js';
import { createPost, type PostResult } from './post.js';
import { wants, type Receiver } from './receiver.js';

/** Tells receivers. */
export interface Notifier {
  /** Takes no time, and never throws. */
  tell(notice: Notice): void;
  /** By the names of receivers. */
  counts(): Readonly<Record<string, OutboxCounts>>;
  /** Sends one receiver a notice, whatever it wants to be told; undefined when there is no such receiver. */
  test(name: string): Promise<PostResult | undefined>;
  /** Sends what waits for at most `graceMs`, then ends all connections. */
  stop(graceMs: number): Promise<void>;
}

/** What {@link createNotifier} needs. */
export interface NotifierOptions {
  readonly receivers: readonly Receiver[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** How long one exchange may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** An outbox for each receiver. */
export function createNotifier({ receivers, clock, random, logger, timeoutMs }: NotifierOptions): Notifier {
  const dispatcher = new Agent({ connect: { timeout: timeoutMs } });
  const post = createPost({ dispatcher, timeoutMs, clock });
  const outboxes = receivers.map((receiver) => ({
    receiver,
    outbox: new Outbox({ receiver, post, clock, random, logger }),
  }));
  return {
    tell(notice) {
      outboxes.filter(({ receiver }) => wants(receiver, notice)).forEach(({ outbox }) => outbox.put(notice));
    },
    counts: () => Object.fromEntries(outboxes.map(({ receiver, outbox }) => [receiver.name, outbox.counts()])),
    async test(name) {
      const receiver = receivers.find((one) => one.name === name);
      const notice: Notice = { at: clock.now(), event: 'recovered', message: 'this is a test, sent by a person' };
      return receiver && post(receiver.url, messageFor(receiver, notice), new AbortController().signal);
    },
    async stop(graceMs) {
      await Promise.all(outboxes.map(({ outbox }) => outbox.stop(graceMs)));
      await dispatcher.destroy();
    },
  };
}
