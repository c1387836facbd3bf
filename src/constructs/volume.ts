import type { k8s } from 'cdk8s-plus-28';
import type { AccessMode } from './access-mode.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkAbsolutePath, checkLabel } from './validation.js';
import { checkMode, type FileOptions, type ProjectedSource, renderFiles, renderSource } from './volume-files.js';

/** How a volume appears in a container. */
export interface MountOptions {
  /** A path within the volume, instead of its root. @default - the root */
  readonly subPath?: string;
  /** A path within the volume with variables of the container, such as `$(POD_NAME)`. @default - the root */
  readonly subPathExpr?: string;
  /** @default - the API's: false */
  readonly readOnly?: boolean;
  /** Whether mounts that come later are seen. @default - the API's: None */
  readonly mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

/** What {@link Volume.ephemeral} claims. */
export interface EphemeralClaim {
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** @default - the cluster's default class */
  readonly storageClass?: string;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
}

/** A volume at a place in a container. */
export interface Mount {
  readonly volume: Volume;
  readonly manifest: k8s.VolumeMount;
}

/** A volume of a pod. A workload collects the volumes that its containers mount. */
export class Volume {
  /** The data of a PersistentVolumeClaim. */
  static claim(name: string, claim: NameOrConstruct, options: { readonly readOnly?: boolean } = {}): Volume {
    return new Volume(name, { persistentVolumeClaim: { claimName: nameOf(claim), ...options } });
  }

  /** A claim that is made with each pod and goes with it. */
  static ephemeral(name: string, claim: EphemeralClaim): Volume {
    const { size, storageClass, accessMode = 'ReadWriteOnce' } = claim;
    const spec = defined({
      accessModes: [accessMode],
      storageClassName: storageClass,
      resources: { requests: { storage: quantity(`size of volume ${name}`, size) } },
    });
    return new Volume(name, { ephemeral: { volumeClaimTemplate: { spec } } });
  }

  /** A claim that a StatefulSet makes for each of its pods: see {@link StatefulSetProps.claims}. */
  static ownClaim(name: string): Volume {
    return new Volume(name, undefined);
  }

  /** The keys of a ConfigMap as files. */
  static configMap(name: string, configMap: NameOrConstruct, options: FileOptions = {}): Volume {
    const { mode, ...rest } = renderFiles(options);
    return new Volume(name, { configMap: defined({ name: nameOf(configMap), defaultMode: mode, ...rest }) });
  }

  /** The keys of a Secret as files. */
  static secret(name: string, secret: NameOrConstruct, options: FileOptions = {}): Volume {
    const { mode, ...rest } = renderFiles(options);
    return new Volume(name, { secret: defined({ secretName: nameOf(secret), defaultMode: mode, ...rest }) });
  }

  /** Several sources in one directory. */
  static projected(name: string, sources: readonly ProjectedSource[], mode?: number): Volume {
    return new Volume(name, {
      projected: defined({ sources: sources.map(renderSource), defaultMode: checkMode(mode) }),
    });
  }

  /**
   * A directory or file of the node itself.
   * @param type what must be there; `DirectoryOrCreate` makes it
   */
  static hostPath(name: string, path: string, type?: HostPathType): Volume {
    return new Volume(name, { hostPath: defined({ path: checkAbsolutePath(`path of volume ${name}`, path), type }) });
  }

  /**
   * An empty directory on the node's disk that lives as long as the pod.
   * @param sizeLimit a quantity such as `1Gi`
   */
  static empty(name: string, sizeLimit?: string): Volume {
    return new Volume(name, { emptyDir: defined({ sizeLimit: limitOf(name, sizeLimit) }) });
  }

  /**
   * An empty directory in memory; it counts towards the container's memory limit.
   * @param sizeLimit a quantity such as `64Mi`
   */
  static memory(name: string, sizeLimit?: string): Volume {
    return new Volume(name, { emptyDir: defined({ medium: 'Memory', sizeLimit: limitOf(name, sizeLimit) }) });
  }

  /** An NFS export. */
  static nfs(name: string, server: string, path: string, readOnly?: boolean): Volume {
    return new Volume(name, {
      nfs: defined({ server, path: checkAbsolutePath('path of NFS export', path), readOnly }),
    });
  }

  /**
   * Another kind, as a pod's manifest writes it: `Volume.other('share', { csi: { driver: 'smb.csi.k8s.io', ... } })`.
   * @throws RangeError when there is not exactly one source
   */
  static other(name: string, source: OtherVolumeSource): Volume {
    if (Object.keys(source).length !== 1) {
      throw new RangeError(`volume ${name} must have exactly one source: "${Object.keys(source).join(', ')}"`);
    }
    return new Volume(name, source);
  }

  readonly name: string;
  /** The rest of the entry in the pod's `volumes`. Absent where the pod has no such entry. */
  readonly source: Omit<k8s.Volume, 'name'> | undefined;

  private constructor(name: string, source: Omit<k8s.Volume, 'name'> | undefined) {
    this.name = checkLabel('volume name', name);
    this.source = source;
  }

  /**
   * Places the volume in a container.
   * @throws RangeError when the path is not absolute
   */
  mountAt(path: string, options: MountOptions = {}): Mount {
    checkAbsolutePath('mount path', path);
    return { volume: this, manifest: { name: this.name, mountPath: path, ...options } };
  }
}

/** Sources of a volume that have no function of their own in {@link Volume}. */
export type OtherVolumeSource = Pick<k8s.Volume, 'csi' | 'iscsi' | 'cephfs' | 'rbd' | 'fc'>;

/** What Kubernetes checks about a path of the node before it is mounted. */
export type HostPathType =
  'Directory' | 'DirectoryOrCreate' | 'File' | 'FileOrCreate' | 'Socket' | 'CharDevice' | 'BlockDevice';

function limitOf(name: string, sizeLimit: string | undefined): k8s.Quantity | undefined {
  return sizeLimit === undefined ? undefined : quantity(`size limit of volume ${name}`, sizeLimit);
}
