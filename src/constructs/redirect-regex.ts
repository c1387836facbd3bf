import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';

/** Properties of a {@link RedirectRegex}. */
export interface RedirectRegexProps extends MiddlewareOptions {
  /** A regular expression (Go's) for the whole address, such as `^https://www\.(.+)`. */
  readonly regex: string;
  /** Where to; `${1}` is what the first group matched. */
  readonly replacement: string;
  /** Whether browsers may remember it (301 instead of 302); `null` leaves the field out, which means 302. @default true */
  readonly permanent?: boolean | null;
}

/** A Traefik middleware that sends clients to another address. */
export class RedirectRegex extends Middleware {
  constructor(scope: Construct, id: string, props: RedirectRegexProps) {
    const { regex, replacement, permanent = true } = props;
    const redirectRegex = defined({ regex, replacement, permanent: permanent ?? undefined });
    super(scope, id, { ...metadataOf(props), spec: { redirectRegex } });
  }
}
