import type { Construct } from 'constructs';
import { MiddlewareSpecRateLimitPeriod } from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';
import { checkDuration, checkInteger } from './validation.js';

/** Properties of a {@link RateLimit}. */
export interface RateLimitProps {
  readonly name: string;
  /** Requests per period, from one client. */
  readonly average: number;
  /** Requests that may come at once. @default - Traefik's: 1 */
  readonly burst?: number;
  /** @default - Traefik's: 1s */
  readonly period?: string;
}

/** A Traefik middleware that answers 429 to a client that asks too often. */
export class RateLimit extends Middleware {
  constructor(scope: Construct, id: string, { name, average, burst, period }: RateLimitProps) {
    super(scope, id, name, {
      rateLimit: defined({
        average: checkInteger('rate limit average', average, 1, 1_000_000),
        burst: burst === undefined ? undefined : checkInteger('rate limit burst', burst, 1, 1_000_000),
        period:
          period === undefined
            ? undefined
            : MiddlewareSpecRateLimitPeriod.fromString(checkDuration('rate limit period', period)),
      }),
    });
  }
}
