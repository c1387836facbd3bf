import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';

/** Which system calls are allowed: those of the container runtime's profile, or all. */
export type SeccompProfile = 'RuntimeDefault' | 'Unconfined';

/** As whom and with which rights a container's process runs. */
export interface ContainerSecurity {
  /** @default - the pod's, or else the image's user */
  readonly runAsUser?: number;
  /** @default - the pod's, or else the image's group */
  readonly runAsGroup?: number;
  /** Refuses to start as root. @default - the pod's, or else false */
  readonly runAsNonRoot?: boolean;
  /** @default - the API's: false */
  readonly readOnlyRootFilesystem?: boolean;
  /** Whether a process may get more rights than its parent. @default - the API's: true */
  readonly allowPrivilegeEscalation?: boolean;
  /** All rights of root on the node. @default - the API's: false */
  readonly privileged?: boolean;
  /** Such as `NET_BIND_SERVICE`. @default - the runtime's */
  readonly addCapabilities?: readonly string[];
  /** Such as `ALL`. @default - none */
  readonly dropCapabilities?: readonly string[];
  /** @default - the pod's, or else the node's */
  readonly seccomp?: SeccompProfile;
}

/** As whom the processes of a pod run, and what its volumes belong to. */
export interface PodSecurity extends Pick<ContainerSecurity, 'runAsUser' | 'runAsGroup' | 'runAsNonRoot' | 'seccomp'> {
  /** The group that volumes belong to. @default - volumes stay as they are */
  readonly fsGroup?: number;
  /** When files of volumes are given to `fsGroup`. @default - the API's: Always */
  readonly fsGroupChangePolicy?: 'Always' | 'OnRootMismatch';
  /** @default - none */
  readonly supplementalGroups?: readonly number[];
  /** Kernel parameters of the pod's own namespaces, such as `net.core.somaxconn`. @default - the node's */
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** What the Pod Security Standard "restricted" asks of a container: `security: restricted`, or `{ ...restricted, runAsUser: 1000 }`. */
export const restricted: ContainerSecurity = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  dropCapabilities: ['ALL'],
  seccomp: 'RuntimeDefault',
};

/** The `securityContext` of a container. */
export function renderContainerSecurity(security: ContainerSecurity): k8s.SecurityContext {
  const { addCapabilities, dropCapabilities, seccomp, ...rest } = security;
  const capabilities = defined({
    add: addCapabilities && [...addCapabilities],
    drop: dropCapabilities && [...dropCapabilities],
  });
  return defined({
    capabilities: Object.keys(capabilities).length > 0 ? capabilities : undefined,
    seccompProfile: seccomp && { type: seccomp },
    ...rest,
  });
}

/** The `securityContext` of a pod. */
export function renderPodSecurity(security: PodSecurity): k8s.PodSecurityContext {
  const { seccomp, supplementalGroups, sysctls, ...rest } = security;
  return defined({
    seccompProfile: seccomp && { type: seccomp },
    supplementalGroups: supplementalGroups && [...supplementalGroups],
    sysctls: sysctls && Object.entries(sysctls).map(([name, value]) => ({ name, value })),
    ...rest,
  });
}
