import { Construct } from 'constructs';
import { Deployment, type DeploymentOptions } from './deployment.js';
import { type NamedWorkload, podOf } from './workload.js';

/** Properties of a {@link Worker}. */
export interface WorkerProps extends NamedWorkload, DeploymentOptions {}

/** An application that nobody calls, such as a queue's consumer or a tunnel: a Deployment without a Service. */
export class Worker extends Construct {
  readonly name: string;
  readonly deployment: Deployment;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    this.deployment = new Deployment(this, 'deployment', { ...props, pod: podOf(props) });
    this.name = this.deployment.name;
  }
}
