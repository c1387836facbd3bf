import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';

/** Properties of a {@link ForwardAuth}. */
export interface ForwardAuthProps {
  readonly name: string;
  /** Asked about each request; an answer from 200 to 299 lets it pass. Such as `http://authelia/api/verify`. */
  readonly address: string;
  /** Headers of the answer that the application gets. @default - none */
  readonly responseHeaders?: readonly string[];
  /** Headers of the request that the address gets. @default - Traefik's: all */
  readonly requestHeaders?: readonly string[];
  /** Whether `X-Forwarded-*` of the client is believed. @default - Traefik's: false */
  readonly trustForwardHeader?: boolean;
}

/** A Traefik middleware that asks another service who may pass. */
export class ForwardAuth extends Middleware {
  constructor(scope: Construct, id: string, props: ForwardAuthProps) {
    const { name, address, responseHeaders, requestHeaders, trustForwardHeader } = props;
    super(scope, id, name, {
      forwardAuth: defined({
        address,
        trustForwardHeader,
        authResponseHeaders: responseHeaders && [...responseHeaders],
        authRequestHeaders: requestHeaders && [...requestHeaders],
      }),
    });
  }
}
