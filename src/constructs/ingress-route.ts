import { Construct } from 'constructs';
import {
  IngressRoute as IngressRouteObject,
  type IngressRouteProps as IngressRouteBody,
  type IngressRouteSpecRoutes,
  IngressRouteSpecRoutesKind,
  IngressRouteSpecRoutesServicesKind,
  IngressRouteSpecRoutesServicesPort,
  type IngressRouteSpecTls,
} from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type MiddlewareReference, referenceTo } from './middleware-reference.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { matchOf, type RouteMatch } from './route-match.js';
import { checkInteger, checkLabel, checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** The Service that receives requests. */
export interface Backend {
  readonly name: string;
  /** The Service's port, by number or by name. @default - none: for a TraefikService */
  readonly port?: number | string;
  /** @default - the route's */
  readonly namespace?: string;
  /** `TraefikService` for one of Traefik's own, such as `api@internal`. @default - Traefik's: Service */
  readonly kind?: 'Service' | 'TraefikService';
  /** Its share of the requests where a rule has several. @default - equal shares */
  readonly weight?: number;
  /** How Traefik speaks to it. @default - Traefik's: http, and https for port 443 */
  readonly scheme?: 'http' | 'https' | 'h2c';
  /** Whether it sees the host that the client asked for. @default - Traefik's: true */
  readonly passHostHeader?: boolean;
  /** A {@link ServersTransport}, for a backend whose certificate is its own. @default - Traefik's */
  readonly serversTransport?: NameOrConstruct;
  /** Keeps a client at one pod by a cookie: its name and others, or `{}`. @default - any pod */
  readonly stickyCookie?: StickyCookie;
  /** Whether the Service's address is used instead of those of its pods. @default - Traefik's: false */
  readonly nativeLb?: boolean;
}

/** The cookie that keeps a client at one pod. */
export interface StickyCookie {
  readonly name?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: 'none' | 'lax' | 'strict';
  readonly maxAge?: number;
}

/** What one rule of a route takes, and where it goes. */
export interface RouteRule extends RouteMatch {
  readonly backend: Backend | readonly Backend[];
  /** Middlewares, in order: names or constructs, or `{ name, namespace }` for one of another namespace. @default - none */
  readonly middlewares?: readonly MiddlewareReference[];
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
  readonly options?: NameOrConstruct | { readonly name: string; readonly namespace: string };
}

/** How an {@link IngressRoute} listens. */
export interface IngressRouteOptions {
  /** `null` leaves the field out, which means all. @default [websecure] */
  readonly entryPoints?: readonly string[] | null;
  /** `none` for plain HTTP. @default - a certificate of the resolver letsencrypt */
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
        entryPoints: entryPoints === null ? undefined : [...entryPoints],
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
    middlewares: middlewares.length > 0 ? middlewares.map(referenceTo) : undefined,
    services: (isList(rule.backend) ? rule.backend : [rule.backend]).map(renderBackend),
  });
}

function renderBackend(backend: Backend): NonNullable<IngressRouteSpecRoutes['services']>[number] {
  const { name, namespace, kind, port, scheme, weight, passHostHeader, serversTransport, stickyCookie, nativeLb } =
    backend;
  return defined({
    name,
    namespace,
    kind: kind && KINDS[kind],
    port: port === undefined ? undefined : renderPort(name, port),
    scheme,
    weight,
    passHostHeader,
    serversTransport: serversTransport && nameOf(serversTransport),
    sticky: stickyCookie && { cookie: { ...stickyCookie } },
    nativeLb,
  });
}

const KINDS = {
  Service: IngressRouteSpecRoutesServicesKind.SERVICE,
  TraefikService: IngressRouteSpecRoutesServicesKind.TRAEFIK_SERVICE,
} as const;

function renderPort(name: string, port: number | string): IngressRouteSpecRoutesServicesPort {
  return typeof port === 'number'
    ? IngressRouteSpecRoutesServicesPort.fromNumber(checkPort(`port of backend ${name}`, port))
    : IngressRouteSpecRoutesServicesPort.fromString(checkLabel(`port of backend ${name}`, port));
}

function renderTls({ certificate = { resolver: 'letsencrypt' }, domains, options }: RouteTls): IngressRouteSpecTls {
  return defined({
    certResolver: typeof certificate === 'object' && 'resolver' in certificate ? certificate.resolver : undefined,
    secretName: typeof certificate === 'object' && 'secret' in certificate ? nameOf(certificate.secret) : undefined,
    domains: domains?.map(({ main, sans }) => defined({ main, sans: sans && [...sans] })),
    options: options === undefined ? undefined : referenceTo(options),
  });
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
