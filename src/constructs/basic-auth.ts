import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** Properties of a {@link BasicAuth}. */
export interface BasicAuthProps extends MiddlewareOptions {
  /** The Secret whose key `users` holds htpasswd lines, or of the type `kubernetes.io/basic-auth`. */
  readonly secret: NameOrConstruct;
  /** What the browser shows when it asks. @default - Traefik's: traefik */
  readonly realm?: string;
  /** Whether the application does not see the Authorization header. @default - Traefik's: false */
  readonly removeHeader?: boolean;
  /** The header in which the application sees the user's name. @default - none */
  readonly headerField?: string;
}

/** A Traefik middleware that asks for a user name and a password. */
export class BasicAuth extends Middleware {
  constructor(scope: Construct, id: string, props: BasicAuthProps) {
    const { secret, realm, removeHeader, headerField } = props;
    const basicAuth = defined({ secret: nameOf(secret), realm, removeHeader, headerField });
    super(scope, id, { ...metadataOf(props), spec: { basicAuth } });
  }
}
