import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkLabel } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link Namespace}. */
export interface NamespaceProps extends Omit<MetadataOptions, 'namespace'> {
  readonly name: string;
}

/** A namespace with labels, such as those of Pod Security. Others are made where they are missing. It stays in the cluster when it leaves Git. */
export class Namespace extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeNamespaceProps>;

  constructor(scope: Construct, id: string, props: NamespaceProps) {
    super(scope, id);
    this.name = checkLabel('namespace', props.name);
    this.object = new KubeObject(this, 'namespace', k8s.KubeNamespace, { metadata: renderMetadata(this.name, props) });
  }
}
