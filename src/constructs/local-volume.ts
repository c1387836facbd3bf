import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { quantity } from './quantity.js';
import { type PersistentVolumeOptions, renderVolumeOptions } from './persistent-volume.js';
import { checkAbsolutePath, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** The storage class that binds a claim to a volume by name. No StorageClass object needs to exist. */
export const LOCAL_STORAGE_CLASS = 'local-storage';

/** Properties of a {@link LocalVolume}. */
export interface LocalVolumeProps extends MetadataOptions, PersistentVolumeOptions {
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** The directory on the node. It must exist. */
  readonly directory: string;
  /** The host name of the node that has the directory. */
  readonly node: string;
}

/** A PersistentVolume in a directory of one node. Its data stays when the claim goes. */
export class LocalVolume extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePersistentVolumeProps>;

  constructor(scope: Construct, id: string, props: LocalVolumeProps) {
    super(scope, id);
    this.name = checkSubdomain('volume name', props.name);
    const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [checkSubdomain('node', props.node)] };
    this.object = new KubeObject(this, 'volume', k8s.KubePersistentVolume, {
      metadata: renderMetadata(this.name, props),
      spec: {
        capacity: { storage: quantity(`size of volume ${this.name}`, props.size) },
        ...renderVolumeOptions({ storageClass: LOCAL_STORAGE_CLASS, ...props }),
        local: { path: checkAbsolutePath(`directory of volume ${this.name}`, props.directory) },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } },
      },
    });
  }
}
