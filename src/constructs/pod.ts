import type { k8s } from 'cdk8s-plus-28';
import { type ContainerProps, renderContainer } from './container.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { type PodSecurity, renderPodSecurity } from './security.js';
import { checkInteger } from './validation.js';

/** A taint of nodes that pods accept. */
export interface Toleration {
  /** @default - every taint */
  readonly key?: string;
  /** @default - every value of the key */
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What pods of a workload have beside their main container. */
export interface PodOptions {
  /** Containers that run to their end, one after the other, before the others start. @default - none */
  readonly initContainers?: readonly ContainerProps[];
  /** Containers that start before the main one, run beside it, and end after it (init containers that keep running). @default - none */
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

/** A pod's specification; its volumes are those that containers mount. */
export function renderPod(props: PodProps): k8s.PodSpec {
  const { initContainers = [], sidecars = [], moreContainers = [], pullSecrets = [], tolerations = [] } = props;
  const containers = [...props.containers, ...moreContainers];
  const before = [
    ...initContainers.map(renderContainer),
    ...sidecars.map((sidecar) => ({ ...renderContainer(sidecar), restartPolicy: 'Always' })),
  ];
  checkNames([...initContainers, ...sidecars, ...containers]);
  const volumes = volumesOf([...initContainers, ...sidecars, ...containers]);
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
    dnsPolicy: props.dnsPolicy,
    securityContext: props.podSecurity && renderPodSecurity(props.podSecurity),
    imagePullSecrets: pullSecrets.length > 0 ? pullSecrets.map((secret) => ({ name: nameOf(secret) })) : undefined,
    initContainers: before.length > 0 ? before : undefined,
    containers: containers.map(renderContainer),
    volumes: volumes.length > 0 ? volumes : undefined,
  });
}

function renderToleration({ key, value, effect }: Toleration): k8s.Toleration {
  return defined({ key, operator: value === undefined ? 'Exists' : 'Equal', value, effect });
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

function volumesOf(containers: readonly ContainerProps[]): k8s.Volume[] {
  const volumes = new Map<string, k8s.Volume>();
  for (const { volume } of containers.flatMap(({ mounts = [] }) => mounts)) {
    const { name, source } = volume;
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
