import { Construct } from 'constructs';
import { type MainPort, portNumberOf } from './container.js';
import { defined } from './defined.js';
import { Deployment, type DeploymentOptions } from './deployment.js';
import { LocalClaim } from './local-claim.js';
import { LocalVolume, type LocalVolumeProps } from './local-volume.js';
import { Service, type ServiceOptions } from './service.js';
import { Volume } from './volume.js';
import { podOf, selectorOf, type WorkloadOptions } from './workload.js';

/** Where a {@link Database} keeps its data. */
export interface DatabaseStorage {
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** A directory of a node, for which a PersistentVolume is made; or the name of a PersistentVolume that somebody else made. */
  readonly volume: Omit<LocalVolumeProps, 'size'> | string;
  /** The name of the PersistentVolumeClaim. */
  readonly claim: string;
  /** See {@link LocalClaimProps.neverPrune}. @default false */
  readonly neverPrune?: boolean;
  /** The name of the volume in the pod. @default - the database's name and `-data` */
  readonly mountName?: string;
  /** Where the container expects its data. */
  readonly mountPath: string;
  /** A path within the volume, instead of its root. @default - the root */
  readonly subPath?: string;
}

/** Properties of a {@link Database}. */
export interface DatabaseProps
  extends WorkloadOptions, Omit<DeploymentOptions, 'strategy' | 'maxSurge' | 'maxUnavailable'> {
  /** The name of the Deployment, its container, and the Service. */
  readonly name: string;
  /** The port that the container listens on, with a name where asked for, and the Service offers. */
  readonly port: MainPort;
  readonly storage: DatabaseStorage;
  /** @default - a ClusterIP Service without labels and port name */
  readonly service?: ServiceOptions;
}

/** One process that owns data on a local volume: PersistentVolume (where asked for), claim, Deployment `Recreate`, Service. */
export class Database extends Construct {
  readonly name: string;
  readonly service: Service;
  readonly deployment: Deployment;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { name, port, storage } = props;
    this.name = name;
    const data = Volume.claim(storage.mountName ?? `${name}-data`, this.claim(storage));
    const { subPath } = storage;
    const mounts = [data.mountAt(storage.mountPath, defined({ subPath })), ...(props.mounts ?? [])];
    this.deployment = new Deployment(this, 'deployment', {
      ...props,
      strategy: 'Recreate',
      pod: podOf({ ...props, mounts }),
    });
    this.service = new Service(this, 'service', {
      name,
      app: selectorOf(props),
      port: portNumberOf(port),
      ...props.service,
    });
  }

  private claim({ claim, size, volume, neverPrune = false }: DatabaseStorage): LocalClaim {
    const taken = typeof volume === 'string' ? volume : new LocalVolume(this, 'volume', { size, ...volume });
    return new LocalClaim(this, 'claim', { name: claim, size, volume: taken, neverPrune });
  }
}
