import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';

/** Properties of {@link Compress}. */
export interface CompressProps extends MiddlewareOptions {
  /** Content types that are left alone. @default - none */
  readonly excludedContentTypes?: readonly string[];
  /** @default - Traefik's: 1024 */
  readonly minResponseBodyBytes?: number;
}

/** A Traefik middleware that compresses responses. */
export class Compress extends Middleware {
  constructor(scope: Construct, id: string, props: CompressProps) {
    const { excludedContentTypes, minResponseBodyBytes } = props;
    super(scope, id, {
      ...metadataOf(props),
      spec: { compress: defined({ excludedContentTypes, minResponseBodyBytes }) },
    });
  }
}
