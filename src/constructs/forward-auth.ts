import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';

/** Properties of a {@link ForwardAuth}. */
export interface ForwardAuthProps extends MiddlewareOptions {
  /** Asked about each request; an answer from 200 to 299 lets it pass. Such as `http://authelia/api/verify`. */
  readonly address: string;
  /** Headers of the answer that the application gets. @default - none */
  readonly responseHeaders?: readonly string[];
  /** Headers of the request that the address gets. @default - Traefik's: all */
  readonly requestHeaders?: readonly string[];
  /** Whether `X-Forwarded-*` of the client is believed. @default - Traefik's: false */
  readonly trustForwardHeader?: boolean;
  /** A regular expression for more headers of the answer that the application gets. @default - none */
  readonly responseHeadersRegex?: string;
  /** Whether the address gets the body of the request. @default - Traefik's: false */
  readonly forwardBody?: boolean;
  /** Whether every certificate of the address is taken. @default - Traefik's: false */
  readonly insecureSkipVerify?: boolean;
}

/** A Traefik middleware that asks another service who may pass. */
export class ForwardAuth extends Middleware {
  constructor(scope: Construct, id: string, props: ForwardAuthProps) {
    const { address, trustForwardHeader, forwardBody, insecureSkipVerify } = props;
    const forwardAuth = defined({
      address,
      trustForwardHeader,
      authResponseHeaders: props.responseHeaders,
      authResponseHeadersRegex: props.responseHeadersRegex,
      authRequestHeaders: props.requestHeaders,
      forwardBody,
      tls: insecureSkipVerify === undefined ? undefined : { insecureSkipVerify },
    });
    super(scope, id, { ...metadataOf(props), spec: { forwardAuth } });
  }
}
