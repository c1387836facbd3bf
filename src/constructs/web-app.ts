import { Construct } from 'constructs';
import { defined } from './defined.js';
import { Deployment, type DeploymentOptions } from './deployment.js';
import { type MainPort, portNumberOf } from './container.js';
import { type Backend, IngressRoute, type IngressRouteOptions, type RouteRule } from './ingress-route.js';
import type { Labels } from './labels.js';
import { Service, type ServiceOptions } from './service.js';
import type { MetricsProps } from './metrics.js';
import { ServiceMonitor } from './service-monitor.js';
import { type MetadataOptions, podOf, selectorOf, type WorkloadOptions } from './workload.js';

const METRICS_PORT_NAME = 'http';

/** The public address of a {@link WebApp}. */
export interface WebAppRoute extends Omit<RouteRule, 'backend'>, IngressRouteOptions, MetadataOptions {
  /** The name of the IngressRoute. @default - the application's name */
  readonly name?: string;
  /** How requests reach the Service, such as `{ port: 'http' }`. @default - at the number of its port */
  readonly service?: Partial<Omit<Backend, 'name'>>;
}

/** How Prometheus scrapes a {@link WebApp}. */
export interface WebAppMetrics extends MetricsProps, MetadataOptions {
  /** The port that is scraped. @default - the Service's main port, which gets the name `http` unless it has one */
  readonly portName?: string;
}

/** Properties of a {@link WebApp}. */
export interface WebAppProps extends WorkloadOptions, DeploymentOptions {
  /** The name of the Deployment, its container, and the Service. */
  readonly name: string;
  /** The port that the container listens on, with a name where asked for: `{ port: 8080, name: 'http' }`. */
  readonly port: MainPort;
  /** Its Service; `port` is another port than the container's. @default - a ClusterIP Service without labels and port name */
  readonly service?: ServiceOptions & { readonly port?: number };
  /** Lets Prometheus scrape the application; its Service then gets the label and the port name that scraping needs. @default - not scraped */
  readonly metrics?: WebAppMetrics;
  /** One public address, or several under names of their own. @default - not reachable from outside */
  readonly route?: WebAppRoute | readonly WebAppRoute[];
}

/** A stateless application with an HTTP port: Deployment, Service, and where asked for a ServiceMonitor and IngressRoutes. */
export class WebApp extends Construct {
  readonly name: string;
  readonly deployment: Deployment;
  readonly service: Service;
  readonly serviceMonitor: ServiceMonitor | undefined;
  readonly routes: readonly IngressRoute[];

  constructor(scope: Construct, id: string, props: WebAppProps) {
    super(scope, id);
    const { name, metrics, service = {} } = props;
    const port = portNumberOf(props.port);
    const selector = selectorOf(props);
    this.name = name;
    this.deployment = new Deployment(this, 'deployment', { ...props, pod: podOf(props) });
    this.service = new Service(this, 'service', {
      name,
      app: selector,
      port: service.port ?? port,
      ...(service.port === undefined ? {} : { targetPort: port }),
      ...service,
      ...(metrics === undefined ? {} : scrapable(selector, service)),
    });
    this.serviceMonitor =
      metrics &&
      new ServiceMonitor(this, 'service-monitor', {
        name,
        app: selector,
        portName: service.portName ?? METRICS_PORT_NAME,
        ...metrics,
      });
    this.routes = routesOf(props).map((route, index) => this.addRoute(route, index));
  }

  private addRoute(route: WebAppRoute, index: number): IngressRoute {
    const { name = this.name, entryPoints, tls, namespace, labels, annotations, service, ...rule } = route;
    return new IngressRoute(this, index === 0 ? 'route' : `route-${index + 1}`, {
      name,
      ...defined({ namespace, labels, annotations }),
      ...(entryPoints === undefined ? {} : { entryPoints }),
      ...(tls === undefined ? {} : { tls }),
      rules: [{ ...rule, backend: { name: this.service.name, port: this.service.port, ...service } }],
    });
  }
}

function routesOf({ route = [] }: WebAppProps): readonly WebAppRoute[] {
  return isList(route) ? route : [route];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function scrapable(selector: Labels, options: ServiceOptions): ServiceOptions {
  return { portName: options.portName ?? METRICS_PORT_NAME, labels: { ...options.labels, ...selector } };
}
