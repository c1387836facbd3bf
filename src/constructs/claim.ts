import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { AccessMode } from './access-mode.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import type { Labels } from './labels.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link Claim}. */
export interface ClaimProps extends MetadataOptions {
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** Such as k3s's `local-path`; `''` for none. @default - the cluster's default class */
  readonly storageClass?: string;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** The PersistentVolume that it takes. An empty `storageClass` then keeps the cluster from making one. @default - any that fits */
  readonly volume?: NameOrConstruct;
  /** Labels of the PersistentVolume that it takes. @default - any that fits */
  readonly volumeLabels?: Labels;
  /** @default - the API's: Filesystem */
  readonly volumeMode?: 'Filesystem' | 'Block';
}

/** A claim on a volume that the cluster makes for it, or on one that is there. It stays in the cluster when it leaves Git. */
export class Claim extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePersistentVolumeClaimProps>;

  constructor(scope: Construct, id: string, props: ClaimProps) {
    super(scope, id);
    this.name = checkSubdomain('claim name', props.name);
    const { storageClass, accessMode = 'ReadWriteOnce', size, volume } = props;
    this.object = new KubeObject(this, 'claim', k8s.KubePersistentVolumeClaim, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        accessModes: [accessMode],
        storageClassName: storageClass,
        volumeName: volume === undefined ? undefined : checkSubdomain('volume name', nameOf(volume)),
        volumeMode: props.volumeMode,
        selector: props.volumeLabels && { matchLabels: { ...props.volumeLabels } },
        resources: { requests: { storage: quantity(`size of claim ${this.name}`, size) } },
      }),
    });
  }
}
