import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StalledError } from '../base/errors.js';

/** How long and how often to look. */
export interface WaitOptions {
  /** What is waited for, for the error. */
  readonly what: string;
  /** Milliseconds; 60 s by default. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks; 50 by default. */
  readonly intervalMs?: number;
  /** Ends the wait early with an error. */
  readonly signal?: AbortSignal;
}

/**
 * Looks until there is something to see. A look that throws counts as nothing, and its message goes into the error.
 * @throws StalledError `sandbox/failed` when the time is over
 */
export async function waitUntil<T>(look: () => Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const { what, timeoutMs = 60_000, intervalMs = 50, signal } = options;
  const end = Date.now() + timeoutMs;
  let problem = '';
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) {
        return seen;
      }
    } catch (thrown) {
      problem = `: ${messageOf(thrown)}`;
    }
    if (Date.now() > end) {
      throw new StalledError('sandbox/failed', `${what} did not come about in ${timeoutMs / 1000} s${problem}`);
    }
    await delay(intervalMs, undefined, { signal });
  }
}
