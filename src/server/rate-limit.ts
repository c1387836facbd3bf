import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../base/clock.js';

/** How many requests are answered. */
export interface RateLimit {
  readonly perSecond: number;
  /** So many at once, after a time of rest. */
  readonly burst: number;
}

/** Answers 429 to what comes faster than the limit. It counts all clients together, so that no number of them makes it grow. */
export function limitRate({ perSecond, burst }: RateLimit, clock: Clock): MiddlewareHandler {
  let left = burst;
  let at = clock.now();
  return async (context, next) => {
    const now = clock.now();
    left = Math.min(burst, left + ((now - at) / 1000) * perSecond);
    at = now;
    if (left < 1) {
      context.header('retry-after', '1');
      return context.json({ error: { message: 'too many requests' } }, 429);
    }
    left -= 1;
    await next();
    return undefined;
  };
}
