import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { type PodProps, renderPod } from './pod.js';
import { checkInteger, checkLabel } from './validation.js';

/** Properties of a {@link Deployment}. */
export interface DeploymentProps {
  /** The object's name, and the value of the pods' `app` label. */
  readonly name: string;
  readonly pod: PodProps;
  /** @default 1 */
  readonly replicas?: number;
  /** How old pods give way to new ones. `Recreate` stops them first, as data on one volume needs it. @default - the API's: RollingUpdate */
  readonly strategy?: 'Recreate' | 'RollingUpdate';
}

/** A Deployment whose pods carry the label `app`. */
export class Deployment extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id);
    this.name = checkLabel('deployment name', props.name);
    const labels = { app: this.name };
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name: this.name },
      spec: defined({
        replicas: checkInteger('replicas', props.replicas ?? 1, 0, 1000),
        strategy: props.strategy && { type: props.strategy },
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: renderPod(props.pod) },
      }),
    });
  }
}
