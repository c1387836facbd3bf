import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';

/** Properties of {@link Compress}. */
export interface CompressProps {
  readonly name: string;
  /** Content types that are left alone. @default - none */
  readonly excludedContentTypes?: readonly string[];
  /** @default - Traefik's: 1024 */
  readonly minResponseBodyBytes?: number;
}

/** A Traefik middleware that compresses responses. */
export class Compress extends Middleware {
  constructor(scope: Construct, id: string, { name, excludedContentTypes, minResponseBodyBytes }: CompressProps) {
    super(scope, id, name, {
      compress: defined({
        excludedContentTypes: excludedContentTypes && [...excludedContentTypes],
        minResponseBodyBytes,
      }),
    });
  }
}
