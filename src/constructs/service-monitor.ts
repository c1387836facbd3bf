import { Construct } from 'constructs';
import {
  ServiceMonitor as ServiceMonitorObject,
  type ServiceMonitorProps as ServiceMonitorBody,
  type ServiceMonitorSpecEndpoints,
  ServiceMonitorSpecEndpointsTargetPort,
} from '../imports/monitoring.coreos.com.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type AppOrLabels, labelsOf } from './labels.js';
import { type MetricsProps, renderNamespaces, renderScrape } from './metrics.js';
import { checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** A port of a Service that Prometheus scrapes. */
export interface MonitoredPort extends MetricsProps {
  /** The name of the Service's port. Needed unless `targetPort` says the port. */
  readonly portName?: string;
  /** The pods' port, by number or by name, instead of a port of the Service. @default - as `portName` says */
  readonly targetPort?: number | string;
}

/** Properties of a {@link ServiceMonitor}. */
export interface ServiceMonitorProps extends MonitoredPort, MetadataOptions {
  readonly name: string;
  /** The `app` label of the Service, or labels of it. */
  readonly app: AppOrLabels;
  /** More ports of the Services. @default - none */
  readonly morePorts?: readonly MonitoredPort[];
  /** Where the Services are: namespaces, or `any`. @default - in the monitor's own namespace */
  readonly namespaces?: readonly string[] | 'any';
  /** The label of the Service that gives the job its name. @default - the Service's name is the job's */
  readonly jobLabel?: string;
  /** Labels that are copied from the Service. @default - none */
  readonly targetLabels?: readonly string[];
  /** Labels that are copied from the pods. @default - none */
  readonly podTargetLabels?: readonly string[];
}

/** Tells Prometheus to scrape the Services with a label `app`, or with other labels. The Service itself needs that label and a named port. */
export class ServiceMonitor extends Construct {
  readonly name: string;
  readonly object: KubeObject<ServiceMonitorBody>;

  constructor(scope: Construct, id: string, props: ServiceMonitorProps) {
    super(scope, id);
    this.name = checkSubdomain('service monitor name', props.name);
    const { namespaces, jobLabel, targetLabels, podTargetLabels, morePorts = [] } = props;
    this.object = new KubeObject(this, 'service-monitor', ServiceMonitorObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        jobLabel,
        targetLabels: targetLabels && [...targetLabels],
        podTargetLabels: podTargetLabels && [...podTargetLabels],
        namespaceSelector: namespaces && renderNamespaces(namespaces),
        selector: { matchLabels: labelsOf(`app of service monitor ${this.name}`, props.app) },
        endpoints: [props, ...morePorts].map((one) => renderEndpoint(this.name, one)),
      }),
    });
  }
}

function renderEndpoint(monitor: string, port: MonitoredPort): ServiceMonitorSpecEndpoints {
  const { portName, targetPort } = port;
  if ((portName === undefined) === (targetPort === undefined)) {
    throw new RangeError(`each port of service monitor ${monitor} needs a portName or a targetPort, and not both`);
  }
  return defined({
    port: portName,
    targetPort: targetPort === undefined ? undefined : portOf(targetPort),
    ...renderScrape(port),
  });
}

function portOf(port: number | string): ServiceMonitorSpecEndpointsTargetPort {
  return typeof port === 'number'
    ? ServiceMonitorSpecEndpointsTargetPort.fromNumber(checkPort('target port of service monitor', port))
    : ServiceMonitorSpecEndpointsTargetPort.fromString(port);
}
