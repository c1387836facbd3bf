import type { Construct } from 'constructs';
import { Middleware } from './middleware.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** Properties of a {@link Chain}. */
export interface ChainProps {
  readonly name: string;
  /** In order. */
  readonly middlewares: readonly NameOrConstruct[];
}

/** A Traefik middleware that is several, under one name. */
export class Chain extends Middleware {
  constructor(scope: Construct, id: string, { name, middlewares }: ChainProps) {
    if (middlewares.length === 0) {
      throw new RangeError(`chain has no middlewares: "${name}"`);
    }
    super(scope, id, name, { chain: { middlewares: middlewares.map((one) => ({ name: nameOf(one) })) } });
  }
}
