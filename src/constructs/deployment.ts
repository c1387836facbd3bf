import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import type { PodProps } from './pod.js';
import { checkInteger, checkLabel } from './validation.js';
import { type MetadataOptions, renderMetadata, renderTemplate, type TemplateOptions } from './workload.js';

/** How many pods a Deployment has, and how they are replaced. */
export interface DeploymentOptions {
  /** How many pods; `autoscaled` leaves the number to a {@link HorizontalPodAutoscaler}. @default 1 */
  readonly replicas?: number | 'autoscaled';
  /** How old pods give way to new ones. `Recreate` stops them first, as data on one volume needs it. @default - the API's: RollingUpdate */
  readonly strategy?: 'Recreate' | 'RollingUpdate';
  /** How many old ReplicaSets stay. @default - the API's: 10 */
  readonly revisionHistoryLimit?: number;
}

/** Properties of a {@link Deployment}. */
export interface DeploymentProps extends DeploymentOptions, MetadataOptions, TemplateOptions {
  /** The object's name, and the value of the pods' `app` label. */
  readonly name: string;
  readonly pod: PodProps;
}

/** A Deployment whose pods carry the label `app`. */
export class Deployment extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeDeploymentProps>;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id);
    this.name = checkLabel('deployment name', props.name);
    const { replicas = 1, strategy, revisionHistoryLimit } = props;
    this.object = new KubeObject(this, 'deployment', k8s.KubeDeployment, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        replicas: replicas === 'autoscaled' ? undefined : checkInteger('replicas', replicas, 0, 1000),
        revisionHistoryLimit,
        strategy: strategy && { type: strategy },
        selector: { matchLabels: { app: this.name } },
        template: renderTemplate(this.name, props.pod, props),
      }),
    });
  }
}
