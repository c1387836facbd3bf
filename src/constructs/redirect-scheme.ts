import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { checkPort } from './validation.js';

/** Properties of a {@link RedirectScheme}. */
export interface RedirectSchemeProps extends MiddlewareOptions {
  /** @default https */
  readonly scheme?: 'http' | 'https';
  /** @default - the scheme's own */
  readonly port?: number;
  /** Whether browsers may remember it (301 instead of 302); `null` leaves the field out, which means 302. @default true */
  readonly permanent?: boolean | null;
}

/** A Traefik middleware that sends clients to the same address by another scheme. */
export class RedirectScheme extends Middleware {
  constructor(scope: Construct, id: string, props: RedirectSchemeProps) {
    const { scheme = 'https', port, permanent = true } = props;
    const asText = port === undefined ? undefined : String(checkPort('port of redirect', port));
    const redirectScheme = defined({ scheme, port: asText, permanent: permanent ?? undefined });
    super(scope, id, { ...metadataOf(props), spec: { redirectScheme } });
  }
}
