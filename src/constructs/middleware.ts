import { Construct } from 'constructs';
import {
  Middleware as MiddlewareObject,
  type MiddlewareProps as MiddlewareBody,
  type MiddlewareSpec,
} from '../imports/traefik.io.js';
import { KubeObject } from './kube-object.js';
import { checkSubdomain } from './validation.js';

/** What Traefik does with a request before it reaches its Service. Routes of the same namespace name it. */
export abstract class Middleware extends Construct {
  readonly name: string;
  readonly object: KubeObject<MiddlewareBody>;

  protected constructor(scope: Construct, id: string, name: string, spec: MiddlewareSpec) {
    super(scope, id);
    this.name = checkSubdomain('middleware name', name);
    this.object = new KubeObject(this, 'middleware', MiddlewareObject, { metadata: { name: this.name }, spec });
  }
}
