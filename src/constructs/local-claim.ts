import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { LOCAL_STORAGE_CLASS } from './local-volume.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link LocalClaim}. */
export interface LocalClaimProps extends MetadataOptions {
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** The PersistentVolume that it takes. */
  readonly volume: NameOrConstruct;
  /** Writes `Prune=false` on the object. Claims are never pruned; this says so to Argo CD as well. @default false */
  readonly neverPrune?: boolean;
}

/** A claim on one particular PersistentVolume. */
export class LocalClaim extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePersistentVolumeClaimProps>;

  constructor(scope: Construct, id: string, props: LocalClaimProps) {
    super(scope, id);
    this.name = checkSubdomain('claim name', props.name);
    const annotations = { ...props.annotations, 'argocd.argoproj.io/sync-options': 'Prune=false' };
    this.object = new KubeObject(this, 'claim', k8s.KubePersistentVolumeClaim, {
      metadata: renderMetadata(this.name, props.neverPrune === true ? { ...props, annotations } : props),
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: LOCAL_STORAGE_CLASS,
        volumeName: checkSubdomain('volume name', nameOf(props.volume)),
        resources: { requests: { storage: quantity(`size of claim ${this.name}`, props.size) } },
      },
    });
  }
}
