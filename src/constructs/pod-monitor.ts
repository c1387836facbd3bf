import { Construct } from 'constructs';
import {
  PodMonitor as PodMonitorObject,
  type PodMonitorProps as PodMonitorBody,
} from '../imports/monitoring.coreos.com.js';
import { KubeObject } from './kube-object.js';
import { type MetricsProps, renderScrape } from './service-monitor.js';
import { checkSubdomain } from './validation.js';

/** Properties of a {@link PodMonitor}. */
export interface PodMonitorProps extends MetricsProps {
  readonly name: string;
  /** The `app` label of the pods. */
  readonly app: string;
  /** The name of the container's port. */
  readonly portName: string;
}

/** Tells Prometheus to scrape pods with a label `app`, such as those of a worker, which has no Service. The port needs that name. */
export class PodMonitor extends Construct {
  readonly name: string;
  readonly object: KubeObject<PodMonitorBody>;

  constructor(scope: Construct, id: string, props: PodMonitorProps) {
    super(scope, id);
    this.name = checkSubdomain('pod monitor name', props.name);
    this.object = new KubeObject(this, 'pod-monitor', PodMonitorObject, {
      metadata: { name: this.name },
      spec: {
        selector: { matchLabels: { app: props.app } },
        podMetricsEndpoints: [{ port: props.portName, ...renderScrape(props) }],
      },
    });
  }
}
