import type { BackoffLimits } from './backoff.js';

/** How long the observer waits for what. All times are in milliseconds. */
export interface ObserverTimings {
  /** How long the API server keeps one watch open. */
  readonly watchMs: number;
  /** A watch without any byte for this time is opened anew: bookmarks come about every minute, so the connection is half open. */
  readonly idleMs: number;
  /** Waits between attempts to list or watch. */
  readonly backoff: BackoffLimits;
  /** How often a kind that the API server does not have is looked for. */
  readonly kindRetryMs: number;
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
}

/** The timings in production. */
export const DEFAULT_TIMINGS: ObserverTimings = {
  watchMs: 290_000,
  idleMs: 180_000,
  backoff: { minMs: 500, maxMs: 30_000 },
  kindRetryMs: 15_000,
  graceMs: 5_000,
  probeMs: 2_000,
  heartbeatMs: 90_000,
  coalesceMs: 50,
  retryMs: 3_000,
};
