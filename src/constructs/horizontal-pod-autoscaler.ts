import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkInteger, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link HorizontalPodAutoscaler}. */
export interface HorizontalPodAutoscalerProps extends MetadataOptions {
  readonly name: string;
  /** A Deployment that says `replicas: 'autoscaled'`. It may be left out where `statefulSet` is given. */
  readonly deployment?: NameOrConstruct;
  /** A StatefulSet, instead of a Deployment. @default - none */
  readonly statefulSet?: NameOrConstruct;
  readonly min: number;
  readonly max: number;
  /** CPU use that it aims at, in percent of the request. @default - CPU does not count */
  readonly cpuPercent?: number;
  /** Memory use that it aims at, in percent of the request. @default - memory does not count */
  readonly memoryPercent?: number;
  /** CPU use per pod that it aims at, such as `500m`. @default - CPU does not count */
  readonly cpuAverage?: string;
  /** Memory use per pod that it aims at, such as `800Mi`. @default - memory does not count */
  readonly memoryAverage?: string;
  /** How fast it makes pods more. @default - the API's */
  readonly scaleUp?: ScalingRules;
  /** How fast it makes pods fewer. @default - the API's */
  readonly scaleDown?: ScalingRules;
}

/** How fast the number of pods may change. */
export interface ScalingRules {
  /** For how long it looks back. @default - the API's: 0 up, 300 down */
  readonly stabilizationWindowSeconds?: number;
  /** @default - the API's */
  readonly policies?: readonly {
    readonly type: 'Pods' | 'Percent';
    readonly value: number;
    readonly periodSeconds: number;
  }[];
  /** Which policy counts. @default - the API's: Max */
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
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
      throw new RangeError(
        `autoscaler ${this.name} looks at nothing; give it cpuPercent, memoryPercent, cpuAverage or memoryAverage`,
      );
    }
    this.object = new KubeObject(this, 'autoscaler', k8s.KubeHorizontalPodAutoscalerV2, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        scaleTargetRef: targetOf(props),
        minReplicas: checkInteger(`least replicas of ${this.name}`, props.min, 1, max),
        maxReplicas: max,
        metrics,
        behavior: behaviorOf(props),
      }),
    });
  }
}

function targetOf({ name, deployment, statefulSet }: HorizontalPodAutoscalerProps): k8s.CrossVersionObjectReferenceV2 {
  const [target, ...others] = [
    ...(deployment === undefined ? [] : [{ kind: 'Deployment', name: nameOf(deployment) }]),
    ...(statefulSet === undefined ? [] : [{ kind: 'StatefulSet', name: nameOf(statefulSet) }]),
  ];
  if (target === undefined || others.length > 0) {
    throw new RangeError(`autoscaler ${name} needs a deployment or a statefulSet, and not both`);
  }
  return { apiVersion: 'apps/v1', ...target };
}

function metricsOf(props: HorizontalPodAutoscalerProps): k8s.MetricSpecV2[] {
  return [
    ...targetMetric('cpu', props.cpuPercent, props.cpuAverage),
    ...targetMetric('memory', props.memoryPercent, props.memoryAverage),
  ];
}

function targetMetric(name: string, percent: number | undefined, average: string | undefined): k8s.MetricSpecV2[] {
  const targets: k8s.MetricTargetV2[] = [
    ...(percent === undefined
      ? []
      : [{ type: 'Utilization', averageUtilization: checkInteger(`${name} percent`, percent, 1, 1000) }]),
    ...(average === undefined ? [] : [{ type: 'AverageValue', averageValue: quantity(`${name} average`, average) }]),
  ];
  return targets.map((target) => ({ type: 'Resource', resource: { name, target } }));
}

function behaviorOf({
  scaleUp,
  scaleDown,
}: HorizontalPodAutoscalerProps): k8s.HorizontalPodAutoscalerBehaviorV2 | undefined {
  return scaleUp === undefined && scaleDown === undefined
    ? undefined
    : defined({ scaleUp: scaleUp && renderRules(scaleUp), scaleDown: scaleDown && renderRules(scaleDown) });
}

function renderRules({ policies, ...rules }: ScalingRules): k8s.HpaScalingRulesV2 {
  return defined({ ...rules, policies: policies?.map((policy) => ({ ...policy })) });
}
