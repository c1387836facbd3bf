import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkLabel, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of an {@link ExternalName}. */
export interface ExternalNameProps extends MetadataOptions {
  readonly name: string;
  /** The DNS name that it stands for, such as `smtp.example.com` or `mysql.other.svc.cluster.local`. */
  readonly host: string;
}

/** A name in the cluster for another DNS name. */
export class ExternalName extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeServiceProps>;

  constructor(scope: Construct, id: string, props: ExternalNameProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.object = new KubeObject(this, 'service', k8s.KubeService, {
      metadata: renderMetadata(this.name, props),
      spec: { type: 'ExternalName', externalName: checkSubdomain(`host of service ${this.name}`, props.host) },
    });
  }
}
