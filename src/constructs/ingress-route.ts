import { Construct } from 'constructs';
import {
  IngressRoute as IngressRouteObject,
  type IngressRouteProps as IngressRouteBody,
  type IngressRouteSpecRoutes,
  IngressRouteSpecRoutesKind,
  IngressRouteSpecRoutesServicesPort,
  type IngressRouteSpecTls,
} from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { matchOf, type RouteMatch } from './route-match.js';
import { checkInteger, checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** The Service that receives requests. */
export interface Backend {
  readonly name: string;
  readonly port: number;
  /** Its share of the requests where a rule has several. @default - equal shares */
  readonly weight?: number;
  /** How Traefik speaks to it. @default - Traefik's: http, and https for port 443 */
  readonly scheme?: 'http' | 'https' | 'h2c';
}

/** What one rule of a route takes, and where it goes. */
export interface RouteRule extends RouteMatch {
  readonly backend: Backend | readonly Backend[];
  /** Middlewares of the same namespace, in order: names or constructs. @default - none */
  readonly middlewares?: readonly NameOrConstruct[];
  /** @default - Traefik's: longer rules first */
  readonly priority?: number;
}

/** The TLS of a route. */
export interface RouteTls {
  /** A resolver that gets a certificate, a Secret that has one, or the default one of the {@link TlsStore}. @default - the resolver letsencrypt */
  readonly certificate?: { readonly resolver: string } | { readonly secret: NameOrConstruct } | 'default';
  /** Names for which the resolver gets one certificate. @default - one for each host of the rules */
  readonly domains?: readonly { readonly main: string; readonly sans?: readonly string[] }[];
  /** Protocol versions and ciphers: a {@link TlsOption}. @default - Traefik's */
  readonly options?: NameOrConstruct;
}

/** How an {@link IngressRoute} listens. */
export interface IngressRouteOptions {
  /** @default [websecure] */
  readonly entryPoints?: readonly string[];
  /** @default - a certificate of the resolver letsencrypt */
  readonly tls?: RouteTls | 'none';
}

/** Properties of an {@link IngressRoute}. */
export interface IngressRouteProps extends IngressRouteOptions, MetadataOptions {
  readonly name: string;
  readonly rules: readonly RouteRule[];
}

/** Leads requests for public hosts to Services, through Traefik with TLS. */
export class IngressRoute extends Construct {
  readonly name: string;
  readonly object: KubeObject<IngressRouteBody>;

  constructor(scope: Construct, id: string, props: IngressRouteProps) {
    super(scope, id);
    this.name = checkSubdomain('route name', props.name);
    if (props.rules.length === 0) {
      throw new RangeError(`route has no rules: "${this.name}"`);
    }
    const { entryPoints = ['websecure'], tls = {} } = props;
    this.object = new KubeObject(this, 'ingress-route', IngressRouteObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        entryPoints: [...entryPoints],
        routes: props.rules.map(renderRule),
        tls: tls === 'none' ? undefined : renderTls(tls),
      }),
    });
  }
}

function renderRule(rule: RouteRule): IngressRouteSpecRoutes {
  const { middlewares = [], priority } = rule;
  return defined({
    kind: IngressRouteSpecRoutesKind.RULE,
    match: matchOf(rule),
    priority: priority === undefined ? undefined : checkInteger('route priority', priority, 1, 2 ** 31 - 1),
    middlewares: middlewares.length > 0 ? middlewares.map((middleware) => ({ name: nameOf(middleware) })) : undefined,
    services: (isList(rule.backend) ? rule.backend : [rule.backend]).map(renderBackend),
  });
}

function renderBackend({
  name,
  port,
  weight,
  scheme,
}: Backend): NonNullable<IngressRouteSpecRoutes['services']>[number] {
  const checked = checkPort(`port of backend ${name}`, port);
  return defined({ name, port: IngressRouteSpecRoutesServicesPort.fromNumber(checked), scheme, weight });
}

function renderTls({ certificate = { resolver: 'letsencrypt' }, domains, options }: RouteTls): IngressRouteSpecTls {
  return defined({
    certResolver: typeof certificate === 'object' && 'resolver' in certificate ? certificate.resolver : undefined,
    secretName: typeof certificate === 'object' && 'secret' in certificate ? nameOf(certificate.secret) : undefined,
    domains: domains?.map(({ main, sans }) => defined({ main, sans: sans && [...sans] })),
    options: options === undefined ? undefined : { name: nameOf(options) },
  });
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
