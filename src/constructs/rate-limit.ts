import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { checkDuration, checkInteger } from './validation.js';

/** Properties of a {@link RateLimit}. */
export interface RateLimitProps extends MiddlewareOptions {
  /** Requests per period, from one client. */
  readonly average: number;
  /** Requests that may come at once. @default - Traefik's: 1 */
  readonly burst?: number;
  /** @default - Traefik's: 1s */
  readonly period?: string;
  /** Who counts as one client. @default - Traefik's: the connection's address */
  readonly source?: RateLimitSource;
}

/** Who counts as one client: the address behind proxies, everybody who asks for one host, or who sends the same header. */
export type RateLimitSource =
  | { readonly forwardedDepth: number; readonly excludedIps?: readonly string[] }
  | { readonly excludedIps: readonly string[] }
  | { readonly host: true }
  | { readonly header: string };

/** A Traefik middleware that answers 429 to a client that asks too often. */
export class RateLimit extends Middleware {
  constructor(scope: Construct, id: string, props: RateLimitProps) {
    const { average, burst, period, source } = props;
    const rateLimit = defined({
      average: checkInteger('rate limit average', average, 1, 1_000_000),
      burst: burst === undefined ? undefined : checkInteger('rate limit burst', burst, 1, 1_000_000),
      period: period === undefined ? undefined : checkDuration('rate limit period', period),
      sourceCriterion: source && renderSource(source),
    });
    super(scope, id, { ...metadataOf(props), spec: { rateLimit } });
  }
}

function renderSource(source: RateLimitSource) {
  if ('host' in source) {
    return { requestHost: source.host };
  }
  if ('header' in source) {
    return { requestHeaderName: source.header };
  }
  const depth = 'forwardedDepth' in source ? source.forwardedDepth : undefined;
  return { ipStrategy: defined({ depth, excludedIPs: source.excludedIps }) };
}
