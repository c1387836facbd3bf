import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { quantity } from './quantity.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link Claim}. */
export interface ClaimProps extends MetadataOptions {
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** Such as k3s's `local-path`. @default - the cluster's default class */
  readonly storageClass?: string;
  /** @default ReadWriteOnce */
  readonly accessMode?: 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany' | 'ReadOnlyMany';
}

/** A claim on a volume that the cluster makes for it. It stays in the cluster when it leaves Git. */
export class Claim extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePersistentVolumeClaimProps>;

  constructor(scope: Construct, id: string, props: ClaimProps) {
    super(scope, id);
    this.name = checkSubdomain('claim name', props.name);
    const { storageClass, accessMode = 'ReadWriteOnce', size } = props;
    this.object = new KubeObject(this, 'claim', k8s.KubePersistentVolumeClaim, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        accessModes: [accessMode],
        storageClassName: storageClass,
        resources: { requests: { storage: quantity(`size of claim ${this.name}`, size) } },
      }),
    });
  }
}
