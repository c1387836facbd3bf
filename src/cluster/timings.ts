import type { BackoffLimits } from './backoff.js';

/** How long the observer waits for what. All times are in milliseconds. */
export interface ObserverTimings {
  /** How long the API server keeps one watch open. */
  readonly watchMs: number;
  /** A watch without any byte for this time is opened anew: bookmarks come about every minute, so the connection is half open. */
  readonly idleMs: number;
  /** Waits between attempts to list or watch. */
  readonly backoff: BackoffLimits;
  /** Waits between looks for a kind that the API server does not have, and before an object that we may not read is tried again. */
  readonly kindRetry: BackoffLimits;
  /** The cluster counts as unreachable when nothing succeeded for this time after a failure. */
  readonly graceMs: number;
  /** How often an unreachable cluster is asked whether it is back. */
  readonly probeMs: number;
  /** A cluster that was not heard of for this time is asked whether it is there. */
  readonly heartbeatMs: number;
  /** How long changes of an application are collected before they are told. */
  readonly coalesceMs: number;
  /** When an object that could not be read is read again. */
  readonly retryMs: number;
  /** How often an object that lacks our label, and is therefore not in a watch, is read. */
  readonly unlabelledMs: number;
}

/** The timings in production. */
export const DEFAULT_TIMINGS: ObserverTimings = {
  watchMs: 290_000,
  idleMs: 180_000,
  backoff: { minMs: 500, maxMs: 30_000 },
  kindRetry: { minMs: 1_000, maxMs: 15_000 },
  graceMs: 5_000,
  probeMs: 2_000,
  heartbeatMs: 90_000,
  coalesceMs: 50,
  retryMs: 3_000,
  unlabelledMs: 60_000,
};
