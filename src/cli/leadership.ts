import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { steadyClock, systemClock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import { createElector, type ElectorOptions } from '../driver/elector.js';
import type { LeadershipStatus } from '../server/daemon-view.js';

/** Who of several daemons writes. */
export interface Leadership {
  isLeader(): boolean;
  /** Resolves when this process leads; at once when it does. */
  untilLeader(): Promise<void>;
  /** Resolves when this process leads no more; at once when it does not. */
  untilLost(): Promise<void>;
  /** For the status; undefined where there is no election. */
  status(): LeadershipStatus | undefined;
  stop(): Promise<void>;
}

/** Where there is one daemon only. */
export const ALWAYS_LEADER: Leadership = {
  isLeader: () => true,
  untilLeader: () => Promise.resolve(),
  untilLost: () => new Promise(() => undefined),
  status: () => undefined,
  stop: () => Promise.resolve(),
};

/** A lease that daemons agree by. */
export interface ElectionLease {
  readonly lock: ElectorOptions['lock'];
  /** `namespace/name`, for people. */
  readonly name: string;
}

/** Takes part in an election from now on. */
export function joinElection({ lock, name }: ElectionLease, logger: Logger): Leadership {
  const identity = `${hostname()}_${randomUUID().slice(0, 8)}`;
  const waiting = new Set<() => void>();
  const elector = createElector({
    lock,
    identity,
    clock: systemClock,
    monotonic: () => steadyClock.now(),
    random: Math.random,
    logger: logger.child({ lease: name }),
    onChange: () => waiting.forEach((check) => check()),
  });
  const until = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (isMet()) {
          waiting.delete(check);
          resolve();
        }
      };
      waiting.add(check);
      check();
    });
  elector.start();
  return {
    isLeader: () => elector.isLeader(),
    untilLeader: () => until(() => elector.isLeader()),
    untilLost: () => until(() => !elector.isLeader()),
    status() {
      const holder = elector.holder();
      return { isLeader: elector.isLeader(), identity, lease: name, ...(holder !== undefined && { holder }) };
    },
    stop: () => elector.stop(),
  };
}
