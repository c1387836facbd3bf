import { Construct } from 'constructs';
import type { ContainerOptions } from './container.js';
import { defined } from './defined.js';
import { Deployment } from './deployment.js';
import { IngressRoute, type RouteRule } from './ingress-route.js';
import type { PodOptions } from './pod.js';
import { Service, type ServiceOptions } from './service.js';
import { type MetricsProps, ServiceMonitor } from './service-monitor.js';

const METRICS_PORT_NAME = 'http';

/** The public address of a {@link WebApp}. */
export interface WebAppRoute extends Omit<RouteRule, 'backend'> {
  /** The name of the IngressRoute. @default - the application's name */
  readonly name?: string;
}

/** Properties of a {@link WebApp}. */
export interface WebAppProps extends ContainerOptions, PodOptions {
  /** The name of the Deployment, its container, and the Service. */
  readonly name: string;
  /** The port that the container listens on and the Service offers. */
  readonly port: number;
  /** @default 1 */
  readonly replicas?: number;
  /** @default - a ClusterIP Service without labels and port name */
  readonly service?: ServiceOptions;
  /** Lets Prometheus scrape the application; its Service then gets the label and the port name that scraping needs. @default - not scraped */
  readonly metrics?: MetricsProps;
  /** @default - not reachable from outside */
  readonly route?: WebAppRoute;
}

/** A stateless application with an HTTP port: Deployment, Service, and where asked for a ServiceMonitor and an IngressRoute. */
export class WebApp extends Construct {
  readonly name: string;
  readonly service: Service;

  constructor(scope: Construct, id: string, props: WebAppProps) {
    super(scope, id);
    const { name, port, replicas, metrics, route, initContainers, pullSecrets, enableServiceLinks } = props;
    new Deployment(
      this,
      'deployment',
      defined({
        name,
        replicas,
        pod: defined({
          containers: [{ ...containerOptionsOf(props), name, port }],
          initContainers,
          pullSecrets,
          enableServiceLinks,
        }),
      }),
    );
    this.service = new Service(this, 'service', {
      name,
      port,
      ...props.service,
      ...(metrics === undefined ? {} : scrapable(name, props.service)),
    });
    this.name = name;
    if (metrics !== undefined) {
      new ServiceMonitor(this, 'service-monitor', {
        name,
        app: name,
        portName: props.service?.portName ?? METRICS_PORT_NAME,
        ...metrics,
      });
    }
    if (route !== undefined) {
      const { name: routeName = name, ...rule } = route;
      new IngressRoute(this, 'route', { name: routeName, rules: [{ ...rule, backend: this.service }] });
    }
  }
}

function scrapable(name: string, options: ServiceOptions = {}): ServiceOptions {
  return { portName: options.portName ?? METRICS_PORT_NAME, labels: { ...options.labels, app: name } };
}

function containerOptionsOf(props: WebAppProps): ContainerOptions {
  const { image, command, args, environment, resources, probes, mounts } = props;
  return defined({ image, command, args, environment, resources, probes, mounts });
}
