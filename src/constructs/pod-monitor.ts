import { Construct } from 'constructs';
import {
  PodMonitor as PodMonitorObject,
  type PodMonitorProps as PodMonitorBody,
} from '../imports/monitoring.coreos.com.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type AppOrLabels, labelsOf } from './labels.js';
import { type MetricsProps, renderNamespaces, renderScrape } from './metrics.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link PodMonitor}. */
export interface PodMonitorProps extends MetricsProps, MetadataOptions {
  readonly name: string;
  /** The `app` label of the pods, or labels of theirs. */
  readonly app: AppOrLabels;
  /** The name of the container's port. */
  readonly portName: string;
  /** Where the pods are: namespaces, or `any`. @default - in the monitor's own namespace */
  readonly namespaces?: readonly string[] | 'any';
  /** The label of the pods that gives the job its name. @default - the monitor's name is the job's */
  readonly jobLabel?: string;
  /** Labels that are copied from the pods. @default - none */
  readonly podTargetLabels?: readonly string[];
}

/** Tells Prometheus to scrape pods with a label `app`, such as those of a worker, which has no Service. The port needs that name. */
export class PodMonitor extends Construct {
  readonly name: string;
  readonly object: KubeObject<PodMonitorBody>;

  constructor(scope: Construct, id: string, props: PodMonitorProps) {
    super(scope, id);
    this.name = checkSubdomain('pod monitor name', props.name);
    const { namespaces, jobLabel, podTargetLabels } = props;
    this.object = new KubeObject(this, 'pod-monitor', PodMonitorObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        jobLabel,
        podTargetLabels: podTargetLabels && [...podTargetLabels],
        namespaceSelector: namespaces && renderNamespaces(namespaces),
        selector: { matchLabels: labelsOf(`app of pod monitor ${this.name}`, props.app) },
        podMetricsEndpoints: [{ port: props.portName, ...renderScrape(props) }],
      }),
    });
  }
}
