import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import type { LeaseLock, LeaseRecord } from '../cluster/port.js';

/** How long what holds; the same words as in Kubernetes' own leader election. All in milliseconds. */
export interface ElectionTimings {
  /** Others wait so long after they last saw the lease renewed. */
  readonly leaseMs: number;
  /** A leader that could not renew for so long stops. The rest of the lease is for what it does to end. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** An engine that is stopped at the deadline is killed within 15 s, well before the lease is over. */
export const ELECTION_TIMINGS: ElectionTimings = { leaseMs: 30_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

/** What {@link createElector} needs. */
export interface ElectorOptions {
  readonly lock: LeaseLock;
  /** Who this process is, different from all others. */
  readonly identity: string;
  readonly clock: Clock;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly logger: Logger;
  /** @default ELECTION_TIMINGS */
  readonly timings?: ElectionTimings;
  /** Called when this process becomes the leader, and when it no longer is. */
  readonly onChange: (isLeader: boolean) => void;
}

/** Agrees with other processes who of them leads. */
export interface Elector {
  /** Whether this process may write now; false as soon as the renew deadline has passed, whatever waits. */
  isLeader(): boolean;
  /** Who leads, as far as is known. */
  holder(): string | undefined;
  start(): void;
  /** Gives the lease back, so that another need not wait for its end. */
  stop(): Promise<void>;
}

/** A moment on both clocks: the one that may jump, and the one that may stand still while the machine sleeps. */
interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** Makes an elector by a Lease, with the semantics of client-go's `leaderelection`: times are judged by this machine's clocks only. */
export function createElector(options: ElectorOptions): Elector {
  return new LeaseElector(options);
}

class LeaseElector implements Elector {
  readonly #options: ElectorOptions;
  readonly #timings: ElectionTimings;
  readonly #abort = new AbortController();
  /** The lease as it was last seen, and since when it is so. */
  #seen: { readonly record: LeaseRecord; readonly at: Moment } | undefined;
  /** When this process last renewed; undefined while it does not lead. */
  #renewedAt: Moment | undefined;
  #cancelDeadline: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #attempt: Promise<void> = Promise.resolve();

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#timings = options.timings ?? ELECTION_TIMINGS;
  }

  isLeader(): boolean {
    const { renewDeadlineMs } = this.#timings;
    return this.#renewedAt !== undefined && this.#longestSince(this.#renewedAt) < renewDeadlineMs;
  }

  holder(): string | undefined {
    return this.isLeader() ? this.#options.identity : this.#seen?.record.holder || undefined;
  }

  start(): void {
    this.#attempt = this.#tick();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelRetry();
    await this.#attempt;
    const held = this.isLeader() ? this.#seen?.record : undefined;
    this.#lose('stopped');
    if (held !== undefined) {
      const free = { ...held, holder: '', durationMs: 1_000, renewedAt: this.#options.clock.now() };
      await this.#options.lock.write(free).catch((error: unknown) => {
        this.#options.logger.warn('the lease cannot be given back', { reason: messageOf(error) });
      });
    }
  }

  async #tick(): Promise<void> {
    const { clock, logger, random } = this.#options;
    const startedAt = this.#now();
    const limit = new AbortController();
    /** Half, so that one request that hangs leaves time for another. */
    const cancelLimit = clock.after(this.#timings.renewDeadlineMs / 2, () => limit.abort());
    try {
      const signal = AbortSignal.any([this.#abort.signal, limit.signal]);
      const isHeld = await this.#acquireOrRenew(signal);
      if (isHeld) {
        this.#lead(startedAt);
      } else {
        this.#lose('another one leads');
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        logger.warn('the lease cannot be read or written', { reason: messageOf(error) });
      }
    } finally {
      cancelLimit();
    }
    if (!this.#abort.signal.aborted) {
      const spread = this.isLeader() ? 1 : 1 + random() / 5;
      this.#cancelRetry = clock.after(this.#timings.retryMs * spread, () => {
        this.#attempt = this.#tick();
      });
    }
  }

  /** Whether this process holds the lease now. */
  async #acquireOrRenew(signal: AbortSignal): Promise<boolean> {
    const { lock, identity, clock } = this.#options;
    const record = await lock.read(signal);
    this.#look(record);
    const isMine = record?.holder === identity;
    if (record !== undefined && !isMine && this.#isHeldByOther(record)) {
      return false;
    }
    const now = clock.now();
    const written = await lock.write(
      {
        ...(record?.version !== undefined && { version: record.version }),
        holder: identity,
        durationMs: this.#timings.leaseMs,
        acquiredAt: isMine ? record.acquiredAt : now,
        renewedAt: now,
        transitions: (record?.transitions ?? 0) + (isMine || record === undefined ? 0 : 1),
      },
      signal,
    );
    this.#look(written);
    return written !== undefined;
  }

  /** A lease that changed was renewed just now, whatever its holder's clock says. */
  #look(record: LeaseRecord | undefined): void {
    if (record !== undefined && record.version !== this.#seen?.record.version) {
      this.#seen = { record, at: this.#now() };
    }
  }

  #isHeldByOther({ holder, durationMs }: LeaseRecord): boolean {
    return holder !== '' && this.#seen !== undefined && this.#shortestSince(this.#seen.at) < durationMs;
  }

  #lead(renewedAt: Moment): void {
    const { clock, logger, identity, onChange } = this.#options;
    if (this.#longestSince(renewedAt) >= this.#timings.renewDeadlineMs) {
      return;
    }
    const isNew = this.#renewedAt === undefined;
    this.#renewedAt = renewedAt;
    this.#cancelDeadline();
    const left = Math.max(0, this.#timings.renewDeadlineMs - this.#longestSince(renewedAt));
    this.#cancelDeadline = clock.after(left, () => this.#lose('it could not be renewed in time'));
    if (isNew) {
      logger.info('this daemon leads', { identity });
      onChange(true);
    }
  }

  #lose(reason: string): void {
    this.#cancelDeadline();
    if (this.#renewedAt === undefined) {
      return;
    }
    this.#renewedAt = undefined;
    this.#options.logger.warn('this daemon leads no more', { reason });
    this.#options.onChange(false);
  }

  #now(): Moment {
    return { wall: this.#options.clock.now(), steady: this.#options.monotonic() };
  }

  /** For the leader: it stops by whichever clock says first that its time is over. */
  #longestSince({ wall, steady }: Moment): number {
    const now = this.#now();
    return Math.max(now.wall - wall, now.steady - steady);
  }

  /** For the others: both clocks must say that the leader's time is over. */
  #shortestSince({ wall, steady }: Moment): number {
    const now = this.#now();
    return Math.min(now.wall - wall, now.steady - steady);
  }
}
