import { Construct } from 'constructs';
import { Middleware } from '../imports/traefik.io.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkSubdomain } from './validation.js';

/** Properties of a {@link BasicAuth}. */
export interface BasicAuthProps {
  readonly name: string;
  /** The Secret whose key `users` holds htpasswd lines. */
  readonly secret: NameOrConstruct;
}

/** A Traefik middleware that asks for a user name and a password. */
export class BasicAuth extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: BasicAuthProps) {
    super(scope, id);
    this.name = checkSubdomain('middleware name', props.name);
    new Middleware(this, 'middleware', {
      metadata: { name: this.name },
      spec: { basicAuth: { secret: nameOf(props.secret) } },
    });
  }
}
