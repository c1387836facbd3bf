import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { checkAbsolutePath } from './validation.js';

/** Properties of a {@link StripPrefix}. */
export interface StripPrefixProps extends MiddlewareOptions {
  /** Such as `/api`. */
  readonly prefixes: readonly string[];
  /** Whether an empty rest becomes `/`; Traefik 2 only. @default - Traefik's */
  readonly forceSlash?: boolean;
}

/** A Traefik middleware that takes the beginning of the path away: `/api/users` reaches the application as `/users`. */
export class StripPrefix extends Middleware {
  constructor(scope: Construct, id: string, props: StripPrefixProps) {
    const prefixes = props.prefixes.map((prefix) => checkAbsolutePath('prefix to strip', prefix));
    super(scope, id, {
      ...metadataOf(props),
      spec: { stripPrefix: defined({ prefixes, forceSlash: props.forceSlash }) },
    });
  }
}
