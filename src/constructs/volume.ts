import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkAbsolutePath, checkLabel } from './validation.js';

/** How a volume appears in a container. */
export interface MountOptions {
  /** A path within the volume, instead of its root. @default - the root */
  readonly subPath?: string;
  /** @default false */
  readonly readOnly?: boolean;
}

/** A volume at a place in a container. */
export interface Mount {
  readonly volume: Volume;
  readonly manifest: k8s.VolumeMount;
}

/** A volume of a pod. A workload collects the volumes that its containers mount. */
export class Volume {
  /** The data of a PersistentVolumeClaim. */
  static claim(name: string, claim: NameOrConstruct): Volume {
    return new Volume({ name, persistentVolumeClaim: { claimName: nameOf(claim) } });
  }

  /** The keys of a ConfigMap as files. */
  static configMap(name: string, configMap: NameOrConstruct): Volume {
    return new Volume({ name, configMap: { name: nameOf(configMap) } });
  }

  /** The keys of a Secret as files. */
  static secret(name: string, secret: NameOrConstruct): Volume {
    return new Volume({ name, secret: { secretName: nameOf(secret) } });
  }

  /** An empty directory on the node's disk that lives as long as the pod. */
  static empty(name: string): Volume {
    return new Volume({ name, emptyDir: {} });
  }

  /**
   * An empty directory in memory; it counts towards the container's memory limit.
   * @param sizeLimit a quantity such as `64Mi`
   */
  static memory(name: string, sizeLimit?: string): Volume {
    const limit = sizeLimit === undefined ? undefined : quantity(`size limit of volume ${name}`, sizeLimit);
    return new Volume({ name, emptyDir: defined({ medium: 'Memory', sizeLimit: limit }) });
  }

  /** The entry in the pod's `volumes`. */
  readonly manifest: k8s.Volume;

  private constructor(manifest: k8s.Volume) {
    checkLabel('volume name', manifest.name);
    this.manifest = manifest;
  }

  /**
   * Places the volume in a container.
   * @throws RangeError when the path is not absolute
   */
  mountAt(path: string, options: MountOptions = {}): Mount {
    checkAbsolutePath('mount path', path);
    return { volume: this, manifest: { name: this.manifest.name, mountPath: path, ...options } };
  }
}
