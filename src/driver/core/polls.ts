import { backoffMs, SOURCE_BACKOFF } from './backoff.js';
import type { PollState, Problem } from './state.js';
import { without } from './state.js';

/** A source that is being asked. */
export function pollStarted(poll: PollState): PollState {
  return { ...poll, inFlight: true };
}

/** A source that answered: it is asked again after the interval, spread a little so that sources do not meet. */
export function pollSucceeded(poll: PollState, at: number, intervalMs: number, random: number): PollState {
  const nextAt = at + Math.round(intervalMs * (0.95 + 0.1 * random));
  return { ...without(poll, 'problem'), inFlight: false, failures: 0, lastSuccessAt: at, nextAt };
}

/** A source that failed: it is asked again when it said so, else after a back-off that never exceeds ten minutes. */
export function pollFailed(
  poll: PollState,
  at: number,
  random: number,
  failure: { readonly problem: Problem; readonly retryAfterMs?: number },
): PollState {
  const failures = poll.failures + 1;
  const waitMs = failure.retryAfterMs ?? backoffMs(SOURCE_BACKOFF, failures, random);
  return { ...poll, inFlight: false, failures, nextAt: at + waitMs, problem: failure.problem };
}
