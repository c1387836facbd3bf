import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type EnvironmentSource, renderEnvironment } from './environment.js';
import { type ProbesProps, renderProbes } from './probe.js';
import { type ResourcesProps, renderResources } from './resources.js';
import { type ContainerSecurity, renderContainerSecurity } from './security.js';
import { checkAbsolutePath, checkLabel, checkPort } from './validation.js';
import type { Mount } from './volume.js';

/** A port that a container listens on. */
export interface ContainerPort {
  readonly port: number;
  /** What Services, probes and PodMonitors may call it. @default - it has no name */
  readonly name?: string;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  /** A port of the node itself. @default - none */
  readonly hostPort?: number;
}

/** What runs in a container, and with what. */
export interface ContainerOptions {
  /** Such as `mysql:8.0.37`. */
  readonly image: string;
  /** @default - the API's: Always for the tag `latest`, else IfNotPresent */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's arguments */
  readonly args?: readonly string[];
  /** @default - the image's */
  readonly workingDirectory?: string;
  /** Ports beside the main one. @default - none */
  readonly ports?: readonly ContainerPort[];
  /** @default - no variables of its own */
  readonly environment?: readonly EnvironmentSource[];
  /** @default - no requests and no limits */
  readonly resources?: ResourcesProps;
  /** @default - no probes */
  readonly probes?: ProbesProps;
  /** @default - nothing is mounted */
  readonly mounts?: readonly Mount[];
  /** @default - as the pod and the image say */
  readonly security?: ContainerSecurity;
  /** A command that runs when the container starts. @default - none */
  readonly postStart?: readonly string[];
  /** A command that runs before the container is told to stop, such as `['sleep', '10']`. @default - none */
  readonly preStop?: readonly string[];
}

/** A container of a pod. */
export interface ContainerProps extends ContainerOptions {
  readonly name: string;
  /** The port it listens on. @default - none is declared */
  readonly port?: number;
}

/**
 * A container as a pod's manifest writes it.
 * @throws RangeError when the name, the image or a port cannot be used
 */
export function renderContainer(props: ContainerProps): k8s.Container {
  const { name, image, imagePullPolicy, command, args, workingDirectory, resources, mounts = [], security } = props;
  if (!/^[^\s:]\S*$/.test(image)) {
    throw new RangeError(`image of container ${name} is not an image reference: "${image}"`);
  }
  const ports = renderPorts(props);
  return defined({
    name: checkLabel('container name', name),
    image,
    imagePullPolicy,
    command: command && [...command],
    args: args && [...args],
    workingDir: workingDirectory && checkAbsolutePath(`working directory of container ${name}`, workingDirectory),
    ports: ports.length > 0 ? ports : undefined,
    ...renderEnvironment(props.environment ?? []),
    resources: resources && renderResources(resources),
    ...renderProbes(props.probes ?? {}, props.port),
    lifecycle: renderLifecycle(props),
    securityContext: security && renderContainerSecurity(security),
    volumeMounts: mounts.length > 0 ? mounts.map(({ manifest }) => manifest) : undefined,
  });
}

function renderPorts({ name: container, port, ports = [] }: ContainerProps): k8s.ContainerPort[] {
  const all: readonly ContainerPort[] = [...(port === undefined ? [] : [{ port }]), ...ports];
  return all.map(({ name, port: containerPort, protocol, hostPort }) =>
    defined({
      name: name === undefined ? undefined : checkLabel(`port name of container ${container}`, name),
      containerPort: checkPort(`port of container ${container}`, containerPort),
      protocol,
      hostPort: hostPort === undefined ? undefined : checkPort(`host port of container ${container}`, hostPort),
    }),
  );
}

function renderLifecycle({ postStart, preStop }: ContainerProps): k8s.Lifecycle | undefined {
  if (postStart === undefined && preStop === undefined) {
    return undefined;
  }
  return defined({
    postStart: postStart && { exec: { command: [...postStart] } },
    preStop: preStop && { exec: { command: [...preStop] } },
  });
}
