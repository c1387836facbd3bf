import type { k8s } from 'cdk8s-plus-28';
import { type ContainerProps, renderContainer } from './container.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { type AppOrLabels, type Labels, labelsOf } from './labels.js';
import { type PodSecurity, renderPodSecurity } from './security.js';
import { checkAddress, checkInteger } from './validation.js';
import type { Volume } from './volume.js';

/** A taint of nodes that pods accept. */
export interface Toleration {
  /** @default - every taint */
  readonly key?: string;
  /** @default - every value of the key */
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** How the value is compared; `null` leaves the field out. @default - Equal with a value, else Exists */
  readonly operator?: 'Equal' | 'Exists' | null;
  /** How long a pod may stay on a node that gets the taint, with the effect NoExecute. @default - as long as it likes */
  readonly seconds?: number;
}

/** How evenly pods are spread over parts of the cluster. */
export interface TopologySpread {
  /** The label of nodes that says which part a node is in, such as `kubernetes.io/hostname`. */
  readonly topologyKey: string;
  /** By how many pods parts may differ. @default 1 */
  readonly maxSkew?: number;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  /** The pods that count. @default - those of the workload */
  readonly app?: AppOrLabels;
}

/** How names are looked up. */
export interface DnsConfig {
  /** Addresses of name servers, such as `1.1.1.1`. @default - none beside those of the policy */
  readonly nameservers?: readonly string[];
  /** Domains that are tried for short names. @default - none beside those of the policy */
  readonly searches?: readonly string[];
  /** Such as `{ ndots: '1' }`; an empty text for an option without a value. @default - those of the policy */
  readonly options?: Readonly<Record<string, string>>;
}

/** What pods of a workload have beside their main container. */
export interface PodOptions {
  /** Containers that run to their end, one after the other, before the others start. @default - none */
  readonly initContainers?: readonly ContainerProps[];
  /**
   * Containers that start before the main one, run beside it, and end after it: init containers with `restartPolicy: Always`, after the others. One that
   * has to come before another init container is an entry of `initContainers` with `restartPolicy: 'Always'`.
   * @default - none
   */
  readonly sidecars?: readonly ContainerProps[];
  /** Containers that are equals of the main one. @default - none */
  readonly moreContainers?: readonly ContainerProps[];
  /** Secrets with registry credentials, such as a {@link PullSecret}. @default - none */
  readonly pullSecrets?: readonly NameOrConstruct[];
  /** As which account its processes speak to the Kubernetes API. @default - the namespace's `default` */
  readonly serviceAccount?: NameOrConstruct;
  /** Whether containers get the account's token. @default - the account's: true */
  readonly mountServiceAccountToken?: boolean;
  /**
   * Whether Services of the namespace appear as environment variables. They can shadow an application's own: a Service `redis` sets `REDIS_PORT=tcp://...`.
   * @default - the API's: true
   */
  readonly enableServiceLinks?: boolean;
  /** @default - as the images say */
  readonly podSecurity?: PodSecurity;
  /** Labels that a node must have. @default - any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly tolerations?: readonly Toleration[];
  /** Whether it uses the node's own network. @default - the API's: false */
  readonly hostNetwork?: boolean;
  /** Whether it sees the node's processes. @default - the API's: false */
  readonly hostPid?: boolean;
  /** Whether it shares shared memory and message queues with the node. @default - the API's: false */
  readonly hostIpc?: boolean;
  /** Whether its containers see each other's processes. @default - the API's: false */
  readonly shareProcessNamespace?: boolean;
  /** @default - the pod's name */
  readonly hostname?: string;
  /** @default - none */
  readonly subdomain?: string;
  /** Lines of `/etc/hosts`: names by address. @default - none */
  readonly hostAliases?: Readonly<Record<string, readonly string[]>>;
  /** @default - as the policy says */
  readonly dnsConfig?: DnsConfig;
  /** Near which nodes and pods it should run, or far from which, as a pod's manifest says it. @default - anywhere */
  readonly affinity?: k8s.Affinity;
  /** @default - as the cluster does it */
  readonly topologySpread?: readonly TopologySpread[];
  /** How containers are run, such as `nvidia`. @default - the node's runtime */
  readonly runtimeClass?: string;
  /** @default - the cluster's */
  readonly scheduler?: string;
  /** Volumes in the order of the manifest, also such as no container mounts. @default - those that containers mount, in their order */
  readonly volumes?: readonly Volume[];
  /** @default - the API's: ClusterFirst */
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  /** @default - the cluster's */
  readonly priorityClass?: string;
  /** How long containers may take to stop. @default - the API's: 30 */
  readonly terminationGracePeriodSeconds?: number;
}

/** A pod. */
export interface PodProps extends PodOptions {
  readonly containers: readonly ContainerProps[];
  /** @default - the API's: Always */
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
}

/**
 * A pod's specification; its volumes are those that containers mount.
 * @param own the labels by which its workload finds its pods
 */
export function renderPod(props: PodProps, own: Labels = {}): k8s.PodSpec {
  const { initContainers = [], sidecars = [], moreContainers = [], pullSecrets = [], tolerations = [] } = props;
  const { hostAliases, dnsConfig, topologySpread } = props;
  const containers = [...props.containers, ...moreContainers];
  const before = [
    ...initContainers.map(renderContainer),
    ...sidecars.map((sidecar) => ({ ...renderContainer(sidecar), restartPolicy: 'Always' })),
  ];
  checkNames([...initContainers, ...sidecars, ...containers]);
  const volumes = volumesOf([
    ...(props.volumes ?? []),
    ...[...initContainers, ...sidecars, ...containers].flatMap(({ mounts = [] }) => mounts.map(({ volume }) => volume)),
  ]);
  return defined({
    serviceAccountName: props.serviceAccount === undefined ? undefined : nameOf(props.serviceAccount),
    automountServiceAccountToken: props.mountServiceAccountToken,
    enableServiceLinks: props.enableServiceLinks,
    restartPolicy: props.restartPolicy,
    terminationGracePeriodSeconds: checkGrace(props.terminationGracePeriodSeconds),
    priorityClassName: props.priorityClass,
    nodeSelector: props.nodeSelector && { ...props.nodeSelector },
    tolerations: tolerations.length > 0 ? tolerations.map(renderToleration) : undefined,
    hostNetwork: props.hostNetwork,
    hostPid: props.hostPid,
    hostIpc: props.hostIpc,
    shareProcessNamespace: props.shareProcessNamespace,
    hostname: props.hostname,
    subdomain: props.subdomain,
    hostAliases: hostAliases && Object.entries(hostAliases).map(renderHostAlias),
    dnsPolicy: props.dnsPolicy,
    dnsConfig: dnsConfig && renderDnsConfig(dnsConfig),
    affinity: props.affinity,
    topologySpreadConstraints: topologySpread?.map((spread) => renderSpread(spread, own)),
    runtimeClassName: props.runtimeClass,
    schedulerName: props.scheduler,
    securityContext: props.podSecurity && renderPodSecurity(props.podSecurity),
    imagePullSecrets: pullSecrets.length > 0 ? pullSecrets.map((secret) => ({ name: nameOf(secret) })) : undefined,
    initContainers: before.length > 0 ? before : undefined,
    containers: containers.map(renderContainer),
    volumes: volumes.length > 0 ? volumes : undefined,
  });
}

function renderToleration({ key, value, effect, operator, seconds }: Toleration): k8s.Toleration {
  const written = operator === undefined ? (value === undefined ? 'Exists' : 'Equal') : (operator ?? undefined);
  return defined({ key, operator: written, value, effect, tolerationSeconds: seconds });
}

function renderHostAlias([ip, hostnames]: [string, readonly string[]]): k8s.HostAlias {
  return { ip: checkAddress('host alias', ip), hostnames: [...hostnames] };
}

function renderDnsConfig({ nameservers, searches, options }: DnsConfig): k8s.PodDnsConfig {
  return defined({
    nameservers: nameservers?.map((address) => checkAddress('name server', address)),
    searches: searches && [...searches],
    options:
      options &&
      Object.entries(options).map(([name, value]) => defined({ name, value: value === '' ? undefined : value })),
  });
}

function renderSpread(spread: TopologySpread, own: Labels): k8s.TopologySpreadConstraint {
  const { topologyKey, maxSkew = 1, whenUnsatisfiable, app = own } = spread;
  return {
    maxSkew: checkInteger('topology spread maxSkew', maxSkew, 1, 1000),
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: labelsOf('topology spread of pods without a selector', app) },
  };
}

function checkGrace(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : checkInteger('termination grace period', seconds, 0, 86_400);
}

function checkNames(containers: readonly ContainerProps[]): void {
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new RangeError(`two containers of a pod have the name "${twice}"`);
  }
}

function volumesOf(all: readonly Volume[]): k8s.Volume[] {
  const volumes = new Map<string, k8s.Volume>();
  for (const { name, source } of all) {
    if (source === undefined) {
      continue;
    }
    const known = volumes.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify({ name, ...source })) {
      throw new RangeError(`two different volumes have the name "${name}"`);
    }
    volumes.set(name, { name, ...source });
  }
  return [...volumes.values()];
}
