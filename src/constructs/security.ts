import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';

/** Which system calls are allowed: those of the container runtime's profile, all, or those of a profile file of the node. */
export type SeccompProfile = 'RuntimeDefault' | 'Unconfined' | { readonly localhost: string };

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
  /** @default - the pod's, or else the runtime's */
  readonly seLinux?: SeLinux;
  /** @default - the API's: Default */
  readonly procMount?: 'Default' | 'Unmasked';
}

/** SELinux labels. */
export interface SeLinux {
  readonly level?: string;
  readonly role?: string;
  readonly type?: string;
  readonly user?: string;
}

/** As whom the processes of a pod run, and what its volumes belong to. */
export interface PodSecurity extends Pick<
  ContainerSecurity,
  'runAsUser' | 'runAsGroup' | 'runAsNonRoot' | 'seccomp' | 'seLinux'
> {
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
  const { addCapabilities, dropCapabilities, seccomp, seLinux, ...rest } = security;
  const capabilities = defined({
    add: addCapabilities && [...addCapabilities],
    drop: dropCapabilities && [...dropCapabilities],
  });
  return defined({
    capabilities: Object.keys(capabilities).length > 0 ? capabilities : undefined,
    seccompProfile: seccomp && renderSeccomp(seccomp),
    seLinuxOptions: seLinux && { ...seLinux },
    ...rest,
  });
}

/** The `securityContext` of a pod. */
export function renderPodSecurity(security: PodSecurity): k8s.PodSecurityContext {
  const { seccomp, seLinux, supplementalGroups, sysctls, ...rest } = security;
  return defined({
    seccompProfile: seccomp && renderSeccomp(seccomp),
    seLinuxOptions: seLinux && { ...seLinux },
    supplementalGroups: supplementalGroups && [...supplementalGroups],
    sysctls: sysctls && Object.entries(sysctls).map(([name, value]) => ({ name, value })),
    ...rest,
  });
}

function renderSeccomp(profile: SeccompProfile): k8s.SeccompProfile {
  return typeof profile === 'string' ? { type: profile } : { type: 'Localhost', localhostProfile: profile.localhost };
}
