import type { Construct } from 'constructs';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { type MiddlewareReference, referenceTo } from './middleware-reference.js';

/** Properties of a {@link Chain}. */
export interface ChainProps extends MiddlewareOptions {
  /** In order. */
  readonly middlewares: readonly MiddlewareReference[];
}

/** A Traefik middleware that is several, under one name. */
export class Chain extends Middleware {
  constructor(scope: Construct, id: string, props: ChainProps) {
    const { name, middlewares } = props;
    if (middlewares.length === 0) {
      throw new RangeError(`chain has no middlewares: "${name}"`);
    }
    super(scope, id, { ...metadataOf(props), spec: { chain: { middlewares: middlewares.map(referenceTo) } } });
  }
}
