import { Construct } from 'constructs';
import {
  IngressRoute as IngressRouteObject,
  type IngressRouteSpecRoutes,
  IngressRouteSpecRoutesKind,
  IngressRouteSpecRoutesServicesPort,
} from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkInteger, checkPort, checkSubdomain } from './validation.js';

/** The Service that receives requests. */
export interface Backend {
  readonly name: string;
  readonly port: number;
}

/** What one rule of a route takes, and where it goes. */
export interface RouteRule {
  /** Such as `grafana.example.com`. */
  readonly host: string;
  /** Takes only paths that start so, such as `/api`. @default - every path */
  readonly pathPrefix?: string;
  readonly backend: Backend;
  /** Middlewares of the same namespace, in order: names or constructs. @default - none */
  readonly middlewares?: readonly NameOrConstruct[];
  /** @default - Traefik's: longer rules first */
  readonly priority?: number;
}

/** Properties of an {@link IngressRoute}. */
export interface IngressRouteProps {
  readonly name: string;
  readonly rules: readonly RouteRule[];
  /** @default [websecure] */
  readonly entryPoints?: readonly string[];
  /** Who issues the certificate. @default letsencrypt */
  readonly certResolver?: string;
}

/** Leads requests for public hosts to Services, through Traefik with TLS. */
export class IngressRoute extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: IngressRouteProps) {
    super(scope, id);
    this.name = checkSubdomain('route name', props.name);
    if (props.rules.length === 0) {
      throw new RangeError(`route has no rules: "${this.name}"`);
    }
    new IngressRouteObject(this, 'ingress-route', {
      metadata: { name: this.name },
      spec: {
        entryPoints: [...(props.entryPoints ?? ['websecure'])],
        routes: props.rules.map(renderRule),
        tls: { certResolver: props.certResolver ?? 'letsencrypt' },
      },
    });
  }
}

function renderRule(rule: RouteRule): IngressRouteSpecRoutes {
  const { backend, middlewares = [], priority } = rule;
  const port = checkPort(`port of backend ${backend.name}`, backend.port);
  return defined({
    kind: IngressRouteSpecRoutesKind.RULE,
    match: matchOf(rule),
    priority: priority === undefined ? undefined : checkInteger('route priority', priority, 1, 2 ** 31 - 1),
    middlewares: middlewares.length > 0 ? middlewares.map((middleware) => ({ name: nameOf(middleware) })) : undefined,
    services: [{ name: backend.name, port: IngressRouteSpecRoutesServicesPort.fromNumber(port) }],
  });
}

function matchOf({ host, pathPrefix }: RouteRule): string {
  const match = `Host(\`${checkSubdomain('route host', host)}\`)`;
  if (pathPrefix === undefined) {
    return match;
  }
  if (!/^\/[^\s`]*$/.test(pathPrefix)) {
    throw new RangeError(`path prefix does not start with "/" or holds a blank or "\`": "${pathPrefix}"`);
  }
  return `${match} && PathPrefix(\`${pathPrefix}\`)`;
}
