import { Construct } from 'constructs';
import { Middleware, MiddlewareSpecRateLimitPeriod } from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { checkDuration, checkInteger, checkSubdomain } from './validation.js';

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
export class RateLimit extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: RateLimitProps) {
    super(scope, id);
    this.name = checkSubdomain('middleware name', props.name);
    const { burst, period } = props;
    new Middleware(this, 'middleware', {
      metadata: { name: this.name },
      spec: {
        rateLimit: defined({
          average: checkInteger('rate limit average', props.average, 1, 1_000_000),
          burst: burst === undefined ? undefined : checkInteger('rate limit burst', burst, 1, 1_000_000),
          period:
            period === undefined
              ? undefined
              : MiddlewareSpecRateLimitPeriod.fromString(checkDuration('rate limit period', period)),
        }),
      },
    });
  }
}
