import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { AccessMode } from './access-mode.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { quantity } from './quantity.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** How a PersistentVolume is found and used. */
export interface PersistentVolumeOptions {
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** What becomes of the volume when its claim goes. @default Retain */
  readonly reclaim?: 'Retain' | 'Delete';
  /** Claims must say the same; `''` for none. @default - local-storage for a {@link LocalVolume}, else the field is left out */
  readonly storageClass?: string;
  /** The only claim that gets it. @default - any that fits */
  readonly claim?: { readonly namespace: string; readonly name: string };
  /** @default - the API's: Filesystem */
  readonly volumeMode?: 'Filesystem' | 'Block';
  /** Such as `nfsvers=4.1`. @default - none */
  readonly mountOptions?: readonly string[];
}

/** Where a volume's data is, as the manifest writes it: `{ nfs: { server, path } }`, `{ hostPath: { path } }`, `{ csi: ... }`. */
export type PersistentVolumeSource = Pick<
  k8s.PersistentVolumeSpec,
  'nfs' | 'hostPath' | 'csi' | 'iscsi' | 'cephfs' | 'rbd' | 'fc'
>;

/** Properties of a {@link PersistentVolume}. */
export interface PersistentVolumeProps extends MetadataOptions, PersistentVolumeOptions {
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  readonly source: PersistentVolumeSource;
}

/** A PersistentVolume anywhere: on an NFS server, for instance. It stays in the cluster when it leaves Git. {@link LocalVolume} is one on a node's own disk. */
export class PersistentVolume extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePersistentVolumeProps>;

  constructor(scope: Construct, id: string, props: PersistentVolumeProps) {
    super(scope, id);
    this.name = checkSubdomain('volume name', props.name);
    if (Object.keys(props.source).length !== 1) {
      throw new RangeError(
        `volume ${this.name} must have exactly one source: "${Object.keys(props.source).join(', ')}"`,
      );
    }
    this.object = new KubeObject(this, 'volume', k8s.KubePersistentVolume, {
      metadata: renderMetadata(this.name, props),
      spec: {
        capacity: { storage: quantity(`size of volume ${this.name}`, props.size) },
        ...renderVolumeOptions(props),
        ...props.source,
      },
    });
  }
}

/** The fields that all PersistentVolumes have. */
export function renderVolumeOptions(options: PersistentVolumeOptions): k8s.PersistentVolumeSpec {
  const { accessMode = 'ReadWriteOnce', reclaim = 'Retain', storageClass, claim, volumeMode, mountOptions } = options;
  return defined({
    accessModes: [accessMode],
    persistentVolumeReclaimPolicy: reclaim,
    storageClassName: storageClass,
    claimRef: claim && { ...claim },
    volumeMode,
    mountOptions: mountOptions && [...mountOptions],
  });
}
