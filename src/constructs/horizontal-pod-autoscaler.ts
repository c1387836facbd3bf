import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkInteger, checkSubdomain } from './validation.js';

/** Properties of a {@link HorizontalPodAutoscaler}. */
export interface HorizontalPodAutoscalerProps {
  readonly name: string;
  /** A Deployment that says `replicas: 'autoscaled'`. */
  readonly deployment: NameOrConstruct;
  readonly min: number;
  readonly max: number;
  /** CPU use that it aims at, in percent of the request. @default - CPU does not count */
  readonly cpuPercent?: number;
  /** Memory use that it aims at, in percent of the request. @default - memory does not count */
  readonly memoryPercent?: number;
}

/** Chooses the number of a Deployment's pods by how busy they are. Their containers must have requests. */
export class HorizontalPodAutoscaler extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeHorizontalPodAutoscalerV2Props>;

  constructor(scope: Construct, id: string, props: HorizontalPodAutoscalerProps) {
    super(scope, id);
    this.name = checkSubdomain('autoscaler name', props.name);
    const max = checkInteger(`most replicas of ${this.name}`, props.max, 1, 1000);
    const metrics = metricsOf(props);
    if (metrics.length === 0) {
      throw new RangeError(`autoscaler ${this.name} looks at nothing; give it cpuPercent or memoryPercent`);
    }
    this.object = new KubeObject(this, 'autoscaler', k8s.KubeHorizontalPodAutoscalerV2, {
      metadata: { name: this.name },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: nameOf(props.deployment) },
        minReplicas: checkInteger(`least replicas of ${this.name}`, props.min, 1, max),
        maxReplicas: max,
        metrics,
      },
    });
  }
}

function metricsOf({ cpuPercent, memoryPercent }: HorizontalPodAutoscalerProps): k8s.MetricSpecV2[] {
  const percents = { cpu: cpuPercent, memory: memoryPercent };
  return Object.entries(percents).flatMap(([name, percent]) =>
    percent === undefined
      ? []
      : [
          {
            type: 'Resource',
            resource: {
              name,
              target: { type: 'Utilization', averageUtilization: checkInteger(`${name} percent`, percent, 1, 1000) },
            },
          },
        ],
  );
}
