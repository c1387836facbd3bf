import { Construct } from 'constructs';
import {
  ServiceMonitor as ServiceMonitorObject,
  type ServiceMonitorProps as ServiceMonitorBody,
} from '../imports/monitoring.coreos.com.js';
import { KubeObject } from './kube-object.js';
import { checkDuration, checkSubdomain } from './validation.js';

/** How Prometheus scrapes an application. */
export interface MetricsProps {
  /** @default /metrics */
  readonly path?: string;
  /** @default 30s */
  readonly interval?: string;
}

/** Properties of a {@link ServiceMonitor}. */
export interface ServiceMonitorProps extends MetricsProps {
  readonly name: string;
  /** The `app` label of the Service. */
  readonly app: string;
  /** The name of the Service's port. */
  readonly portName: string;
}

/** Tells Prometheus to scrape the Services with a label `app`. The Service itself needs that label and a named port. */
export class ServiceMonitor extends Construct {
  readonly name: string;
  readonly object: KubeObject<ServiceMonitorBody>;

  constructor(scope: Construct, id: string, props: ServiceMonitorProps) {
    super(scope, id);
    this.name = checkSubdomain('service monitor name', props.name);
    this.object = new KubeObject(this, 'service-monitor', ServiceMonitorObject, {
      metadata: { name: this.name },
      spec: {
        selector: { matchLabels: { app: props.app } },
        endpoints: [{ port: props.portName, ...renderScrape(props) }],
      },
    });
  }
}

/** Where and how often Prometheus asks. */
export function renderScrape({ path = '/metrics', interval = '30s' }: MetricsProps): Required<MetricsProps> {
  if (!path.startsWith('/')) {
    throw new RangeError(`metrics path does not start with "/": "${path}"`);
  }
  return { path, interval: checkDuration('metrics interval', interval) };
}
