import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** Properties of a {@link BasicAuth}. */
export interface BasicAuthProps {
  readonly name: string;
  /** The Secret whose key `users` holds htpasswd lines. */
  readonly secret: NameOrConstruct;
  /** What the browser shows when it asks. @default - Traefik's: traefik */
  readonly realm?: string;
  /** Whether the application does not see the Authorization header. @default - Traefik's: false */
  readonly removeHeader?: boolean;
}

/** A Traefik middleware that asks for a user name and a password. */
export class BasicAuth extends Middleware {
  constructor(scope: Construct, id: string, { name, secret, realm, removeHeader }: BasicAuthProps) {
    super(scope, id, name, { basicAuth: defined({ secret: nameOf(secret), realm, removeHeader }) });
  }
}
