import { Construct } from 'constructs';
import { Deployment, type DeploymentOptions } from './deployment.js';
import { IngressRoute, type IngressRouteOptions, type RouteRule } from './ingress-route.js';
import { Service, type ServiceOptions } from './service.js';
import { type MetricsProps, ServiceMonitor } from './service-monitor.js';
import { podOf, type WorkloadOptions } from './workload.js';

const METRICS_PORT_NAME = 'http';

/** The public address of a {@link WebApp}. */
export interface WebAppRoute extends Omit<RouteRule, 'backend'>, IngressRouteOptions {
  /** The name of the IngressRoute. @default - the application's name */
  readonly name?: string;
}

/** Properties of a {@link WebApp}. */
export interface WebAppProps extends WorkloadOptions, DeploymentOptions {
  /** The name of the Deployment, its container, and the Service. */
  readonly name: string;
  /** The port that the container listens on and the Service offers. */
  readonly port: number;
  /** @default - a ClusterIP Service without labels and port name */
  readonly service?: ServiceOptions;
  /** Lets Prometheus scrape the application; its Service then gets the label and the port name that scraping needs. @default - not scraped */
  readonly metrics?: MetricsProps;
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
    const { name, port, metrics, service = {} } = props;
    this.name = name;
    this.deployment = new Deployment(this, 'deployment', { ...props, pod: podOf(props) });
    this.service = new Service(this, 'service', {
      name,
      port,
      ...service,
      ...(metrics === undefined ? {} : scrapable(name, service)),
    });
    this.serviceMonitor =
      metrics &&
      new ServiceMonitor(this, 'service-monitor', {
        name,
        app: name,
        portName: service.portName ?? METRICS_PORT_NAME,
        ...metrics,
      });
    this.routes = routesOf(props).map((route, index) => this.addRoute(route, index));
  }

  private addRoute({ name = this.name, entryPoints, tls, ...rule }: WebAppRoute, index: number): IngressRoute {
    return new IngressRoute(this, index === 0 ? 'route' : `route-${index + 1}`, {
      name,
      ...(entryPoints === undefined ? {} : { entryPoints }),
      ...(tls === undefined ? {} : { tls }),
      rules: [{ ...rule, backend: this.service }],
    });
  }
}

function routesOf({ route = [] }: WebAppProps): readonly WebAppRoute[] {
  return isList(route) ? route : [route];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function scrapable(name: string, options: ServiceOptions): ServiceOptions {
  return { portName: options.portName ?? METRICS_PORT_NAME, labels: { ...options.labels, app: name } };
}
