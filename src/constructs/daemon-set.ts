import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkLabel } from './validation.js';
import { type NamedWorkload, podOf, renderMetadata, renderTemplate } from './workload.js';

/** Properties of a {@link DaemonSet}. */
export interface DaemonSetProps extends NamedWorkload {
  /** @default - the API's: RollingUpdate */
  readonly updateStrategy?: 'RollingUpdate' | 'OnDelete';
}

/** One pod on each node. */
export class DaemonSet extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeDaemonSetProps>;

  constructor(scope: Construct, id: string, props: DaemonSetProps) {
    super(scope, id);
    this.name = checkLabel('daemon set name', props.name);
    const { updateStrategy } = props;
    this.object = new KubeObject(this, 'daemon-set', k8s.KubeDaemonSet, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        updateStrategy: updateStrategy && { type: updateStrategy },
        selector: { matchLabels: { app: this.name } },
        template: renderTemplate(this.name, podOf(props), props),
      }),
    });
  }
}
