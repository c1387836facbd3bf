import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import type { PodProps } from './pod.js';
import { podsOrShare } from './pods-or-share.js';
import { checkInteger, checkLabel } from './validation.js';
import { type MetadataOptions, renderMetadata, renderTemplate, selectorOf, type TemplateOptions } from './workload.js';

/** How many pods a Deployment has, and how they are replaced. */
export interface DeploymentOptions {
  /** How many pods; `autoscaled` leaves the number to a {@link HorizontalPodAutoscaler}. @default 1 */
  readonly replicas?: number | 'autoscaled';
  /** How old pods give way to new ones. `Recreate` stops them first, as data on one volume needs it. @default - the API's: RollingUpdate */
  readonly strategy?: 'Recreate' | 'RollingUpdate';
  /** How many pods more than wanted may run while they are replaced: a number, or a share such as `25%`. @default - the API's: 25% */
  readonly maxSurge?: number | string;
  /** How many pods fewer than wanted may run while they are replaced: a number, or a share such as `25%`. @default - the API's: 25% */
  readonly maxUnavailable?: number | string;
  /** How many old ReplicaSets stay. @default - the API's: 10 */
  readonly revisionHistoryLimit?: number;
  /** How long a new pod must be ready before it counts. @default - the API's: 0 */
  readonly minReadySeconds?: number;
  /** After how long without progress a rollout has failed. @default - the API's: 600 */
  readonly progressDeadlineSeconds?: number;
}

/** Properties of a {@link Deployment}. */
export interface DeploymentProps extends DeploymentOptions, MetadataOptions, TemplateOptions {
  /** The object's name and, without `selector`, the value of the pods' `app` label. */
  readonly name: string;
  readonly pod: PodProps;
}

/** A Deployment, whose pods have the label `app` unless it says another `selector`. */
export class Deployment extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeDeploymentProps>;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id);
    this.name = checkLabel('deployment name', props.name);
    const { replicas = 1, revisionHistoryLimit, minReadySeconds, progressDeadlineSeconds } = props;
    this.object = new KubeObject(this, 'deployment', k8s.KubeDeployment, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        replicas: replicas === 'autoscaled' ? undefined : checkInteger('replicas', replicas, 0, 1000),
        revisionHistoryLimit,
        minReadySeconds,
        progressDeadlineSeconds,
        strategy: strategyOf(props),
        selector: { matchLabels: selectorOf(props) },
        template: renderTemplate(props, props.pod),
      }),
    });
  }
}

function strategyOf({ name, strategy, maxSurge, maxUnavailable }: DeploymentProps): k8s.DeploymentStrategy | undefined {
  if (maxSurge === undefined && maxUnavailable === undefined) {
    return strategy && { type: strategy };
  }
  if (strategy === 'Recreate') {
    throw new RangeError(`deployment ${name} has the strategy Recreate, which knows no maxSurge and maxUnavailable`);
  }
  return defined({
    type: strategy,
    rollingUpdate: defined({
      maxSurge: maxSurge === undefined ? undefined : podsOrShare(`maxSurge of ${name}`, maxSurge),
      maxUnavailable:
        maxUnavailable === undefined ? undefined : podsOrShare(`maxUnavailable of ${name}`, maxUnavailable),
    }),
  });
}
