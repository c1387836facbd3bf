import { Construct } from 'constructs';
import type { Json } from '../app/index.js';
import {
  Middleware as MiddlewareObject,
  type MiddlewareProps as MiddlewareBody,
  type MiddlewareSpec,
} from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import type { JsonForm } from './merge-patch.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** What every middleware has. */
export interface MiddlewareOptions extends MetadataOptions {
  readonly name: string;
}

/** Properties of a {@link Middleware}. */
export interface MiddlewareProps extends MiddlewareOptions {
  /** One field, as the manifest writes it: `{ retry: { attempts: 3 } }`, `{ addPrefix: { prefix: '/v2' } }`, `{ plugin: { name: { ... } } }`. */
  readonly spec: MiddlewareForm;
}

/** The specification of a middleware as its manifest writes it. {@link Headers} has typed headers. */
export type MiddlewareForm =
  JsonForm<Omit<MiddlewareSpec, 'headers'>> | { readonly headers: Readonly<Record<string, Json | undefined>> };

/** The fields are written as they are: durations stay texts, which the generated types make classes. */
const AS_WRITTEN = { manifest: (body: object): object => ({ ...MiddlewareObject.GVK, ...body }) };

/**
 * What Traefik does with a request before it reaches its Service. Routes name it. The most used kinds are constructs of their own, such as
 * {@link RateLimit}; this one makes all others: retry, inFlightReq, addPrefix, replacePath, replacePathRegex, stripPrefixRegex, buffering, errors,
 * circuitBreaker, contentType and plugins.
 */
export class Middleware extends Construct {
  readonly name: string;
  readonly object: KubeObject<MiddlewareBody>;

  constructor(scope: Construct, id: string, props: MiddlewareProps) {
    super(scope, id);
    this.name = checkSubdomain('middleware name', props.name);
    const kinds = Object.keys(props.spec);
    if (kinds.length !== 1) {
      throw new RangeError(`middleware ${this.name} must be of exactly one kind: "${kinds.join(', ')}"`);
    }
    const body = { metadata: renderMetadata(this.name, props), spec: props.spec };
    this.object = new KubeObject<MiddlewareBody>(this, 'middleware', AS_WRITTEN, body as MiddlewareBody);
  }
}

/** The part of a middleware's properties that every one has. */
export function metadataOf({ name, namespace, labels, annotations }: MiddlewareOptions): MiddlewareOptions {
  return defined({ name, namespace, labels, annotations });
}
