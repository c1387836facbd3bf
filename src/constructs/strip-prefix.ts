import type { Construct } from 'constructs';
import { Middleware } from './middleware.js';
import { checkAbsolutePath } from './validation.js';

/** Properties of a {@link StripPrefix}. */
export interface StripPrefixProps {
  readonly name: string;
  /** Such as `/api`. */
  readonly prefixes: readonly string[];
}

/** A Traefik middleware that takes the beginning of the path away: `/api/users` reaches the application as `/users`. */
export class StripPrefix extends Middleware {
  constructor(scope: Construct, id: string, { name, prefixes }: StripPrefixProps) {
    super(scope, id, name, {
      stripPrefix: { prefixes: prefixes.map((prefix) => checkAbsolutePath('prefix to strip', prefix)) },
    });
  }
}
