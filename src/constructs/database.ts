import { Construct } from 'constructs';
import { Deployment } from './deployment.js';
import { LocalClaim } from './local-claim.js';
import { LocalVolume } from './local-volume.js';
import { Service, type ServiceOptions } from './service.js';
import { Volume } from './volume.js';
import { podOf, type WorkloadOptions } from './workload.js';

/** Where a {@link Database} keeps its data. */
export interface DatabaseStorage {
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** A directory of a node, for which a PersistentVolume is made; or the name of a PersistentVolume that somebody else made. */
  readonly volume: { readonly name: string; readonly node: string; readonly directory: string } | string;
  /** The name of the PersistentVolumeClaim. */
  readonly claim: string;
  /** See {@link LocalClaimProps.neverPrune}. @default false */
  readonly neverPrune?: boolean;
  /** The name of the volume in the pod. @default - the database's name and `-data` */
  readonly mountName?: string;
  /** Where the container expects its data. */
  readonly mountPath: string;
}

/** Properties of a {@link Database}. */
export interface DatabaseProps extends WorkloadOptions {
  /** The name of the Deployment, its container, and the Service. */
  readonly name: string;
  readonly port: number;
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
    const mounts = [data.mountAt(storage.mountPath), ...(props.mounts ?? [])];
    this.deployment = new Deployment(this, 'deployment', {
      ...props,
      strategy: 'Recreate',
      pod: podOf({ ...props, mounts }),
    });
    this.service = new Service(this, 'service', { name, port, ...props.service });
  }

  private claim({ claim, size, volume, neverPrune = false }: DatabaseStorage): LocalClaim {
    const taken = typeof volume === 'string' ? volume : new LocalVolume(this, 'volume', { size, ...volume });
    return new LocalClaim(this, 'claim', { name: claim, size, volume: taken, neverPrune });
  }
}
