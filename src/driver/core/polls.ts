import { backoffMs, SOURCE_BACKOFF } from './backoff.js';
import type { PollState, Problem } from './state.js';
import { without } from './state.js';

/** A source that is being asked. */
export function pollStarted(poll: PollState): PollState {
  return { ...without(poll, 'again'), inFlight: true };
}

/** A source that somebody wants asked now: at once, or as soon as the other side allows it. */
export function pollWanted(poll: PollState, at: number): PollState {
  return poll.inFlight ? { ...poll, again: true } : { ...poll, nextAt: Math.max(at, poll.notBefore ?? at) };
}

/** A source that answered: it is asked again after the interval, spread a little so that sources do not meet. */
export function pollSucceeded(poll: PollState, at: number, intervalMs: number, random: number): PollState {
  const waitMs = poll.again === true ? 0 : Math.round(intervalMs * (0.95 + 0.1 * random));
  return {
    ...without(poll, 'problem', 'notBefore', 'again'),
    inFlight: false,
    failures: 0,
    lastSuccessAt: at,
    nextAt: at + waitMs,
  };
}

/**
 * A source that failed: it is asked again when it said so, but not before the first step of the back-off; else after a back-off that
 * never exceeds ten minutes.
 */
export function pollFailed(
  poll: PollState,
  at: number,
  random: number,
  failure: { readonly problem: Problem; readonly retryAfterMs?: number },
): PollState {
  const failures = poll.failures + 1;
  const { problem, retryAfterMs } = failure;
  const base = { ...without(poll, 'notBefore', 'again'), inFlight: false, failures, problem };
  if (retryAfterMs === undefined) {
    return { ...base, nextAt: at + backoffMs(SOURCE_BACKOFF, failures, random) };
  }
  const nextAt = at + Math.max(retryAfterMs, SOURCE_BACKOFF.first);
  return { ...base, nextAt, notBefore: nextAt };
}
