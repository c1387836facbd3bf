import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { AccessMode } from './access-mode.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { quantity } from './quantity.js';
import { checkInteger, checkLabel, checkSubdomain } from './validation.js';
import {
  type MetadataOptions,
  type NamedWorkload,
  podOf,
  renderMetadata,
  renderTemplate,
  selectorOf,
} from './workload.js';

/** A claim that a {@link StatefulSet} makes for each of its pods. */
export interface ClaimTemplate extends Pick<MetadataOptions, 'labels' | 'annotations'> {
  /** What `Volume.ownClaim` mounts. */
  readonly name: string;
  /** A quantity such as `10Gi`. */
  readonly size: string;
  /** @default - the cluster's default class */
  readonly storageClass?: string;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
}

/** Properties of a {@link StatefulSet}. */
export interface StatefulSetProps extends NamedWorkload {
  /** The headless Service that gives each pod a name of its own: `new Service(..., { headless: true })`. */
  readonly service: NameOrConstruct;
  /** @default 1 */
  readonly replicas?: number;
  /** Claims of each pod; `Volume.ownClaim(name)` mounts one. @default - none */
  readonly claims?: readonly ClaimTemplate[];
  /** Whether pods start and stop all at once. @default - the API's: OrderedReady */
  readonly podManagement?: 'OrderedReady' | 'Parallel';
  /** @default - the API's: RollingUpdate */
  readonly updateStrategy?: 'RollingUpdate' | 'OnDelete';
  /** Pods with a lower number stay as they are in a rolling update. @default - the API's: 0 */
  readonly partition?: number;
  /** What becomes of claims when the set is deleted, or has fewer pods. @default - the API's: Retain */
  readonly claimRetention?: { readonly whenDeleted?: 'Retain' | 'Delete'; readonly whenScaled?: 'Retain' | 'Delete' };
  /** How many old revisions stay. @default - the API's: 10 */
  readonly revisionHistoryLimit?: number;
  /** How long a new pod must be ready before it counts. @default - the API's: 0 */
  readonly minReadySeconds?: number;
}

/** Pods with names and volumes that stay theirs. */
export class StatefulSet extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeStatefulSetProps>;

  constructor(scope: Construct, id: string, props: StatefulSetProps) {
    super(scope, id);
    this.name = checkLabel('stateful set name', props.name);
    const { claims = [], replicas = 1, podManagement, updateStrategy, partition } = props;
    checkOwnClaims(props);
    this.object = new KubeObject(this, 'stateful-set', k8s.KubeStatefulSet, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        serviceName: nameOf(props.service),
        replicas: checkInteger('replicas', replicas, 0, 1000),
        podManagementPolicy: podManagement,
        revisionHistoryLimit: props.revisionHistoryLimit,
        minReadySeconds: props.minReadySeconds,
        updateStrategy: renderUpdate(updateStrategy, partition),
        persistentVolumeClaimRetentionPolicy: props.claimRetention,
        selector: { matchLabels: selectorOf(props) },
        template: renderTemplate(props, podOf(props)),
        volumeClaimTemplates: claims.length > 0 ? claims.map(renderClaim) : undefined,
      }),
    });
  }
}

function renderUpdate(
  type: string | undefined,
  partition: number | undefined,
): k8s.StatefulSetUpdateStrategy | undefined {
  if (partition === undefined) {
    return type === undefined ? undefined : { type };
  }
  return defined({ type, rollingUpdate: { partition: checkInteger('partition', partition, 0, 1000) } });
}

function renderClaim(claim: ClaimTemplate): k8s.KubePersistentVolumeClaimProps {
  const { name, size, storageClass, accessMode = 'ReadWriteOnce' } = claim;
  return {
    metadata: renderMetadata(checkLabel('claim name', name), claim),
    spec: defined({
      accessModes: [accessMode],
      storageClassName: storageClass === undefined ? undefined : checkSubdomain('storage class', storageClass),
      resources: { requests: { storage: quantity(`size of claim ${name}`, size) } },
    }),
  };
}

function checkOwnClaims({ name, claims = [], initContainers = [], sidecars = [], ...main }: StatefulSetProps): void {
  const mounts = [main, ...initContainers, ...sidecars, ...(main.moreContainers ?? [])].flatMap(
    (one) => one.mounts ?? [],
  );
  const missing = mounts.find(
    ({ volume }) => volume.source === undefined && !claims.some((one) => one.name === volume.name),
  );
  if (missing !== undefined) {
    throw new RangeError(`stateful set ${name} mounts a claim that is not among its claims: "${missing.volume.name}"`);
  }
}
