import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type EnvironmentSource, renderEnvironment } from './environment.js';
import { type LifecycleAction, renderLifecycle } from './lifecycle-action.js';
import { type ProbesProps, renderProbes } from './probe.js';
import { type ResourcesProps, renderResources } from './resources.js';
import { type ContainerSecurity, renderContainerSecurity } from './security.js';
import { checkAbsolutePath, checkAddress, checkLabel, checkPort } from './validation.js';
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
  /** The address of the node that the host port is on. @default - every address */
  readonly hostIp?: string;
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
  /** Ports beside the main one, after it. @default - none */
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
  /** A command, or another action, when the container starts. @default - none */
  readonly postStart?: LifecycleAction;
  /** A command such as `['sleep', '10']`, or another action, before the container is told to stop. @default - none */
  readonly preStop?: LifecycleAction;
  /** Whether standard input stays open. @default - the API's: false */
  readonly stdin?: boolean;
  /** Whether it has a terminal. @default - the API's: false */
  readonly tty?: boolean;
}

/** A container of a pod. */
export interface ContainerProps extends ContainerOptions {
  readonly name: string;
  /** The port it listens on: its number, or `{ port: 8080, name: 'http' }`. @default - none is declared */
  readonly port?: MainPort;
  /** `Always` lets an init container run beside the others, like a sidecar, at its place among them. @default - it runs to its end */
  readonly restartPolicy?: 'Always';
}

/** The main port of a container: its number, or the port with its name and protocol. */
export type MainPort = number | ContainerPort;

/** The number of a main port. */
export function portNumberOf(port: MainPort): number {
  return typeof port === 'number' ? port : port.port;
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
    ...renderProbes(props.probes ?? {}, props.port === undefined ? undefined : portNumberOf(props.port)),
    lifecycle: renderLifecycle(props.postStart, props.preStop),
    stdin: props.stdin,
    tty: props.tty,
    securityContext: security && renderContainerSecurity(security),
    volumeMounts: mounts.length > 0 ? mounts.map(({ manifest }) => manifest) : undefined,
    restartPolicy: props.restartPolicy,
  });
}

function renderPorts({ name: container, port, ports = [] }: ContainerProps): k8s.ContainerPort[] {
  const all: readonly ContainerPort[] = [
    ...(port === undefined ? [] : [typeof port === 'number' ? { port } : port]),
    ...ports,
  ];
  return all.map(({ name, port: containerPort, protocol, hostPort, hostIp }) =>
    defined({
      name: name === undefined ? undefined : checkLabel(`port name of container ${container}`, name),
      containerPort: checkPort(`port of container ${container}`, containerPort),
      protocol,
      hostIp: hostIp === undefined ? undefined : checkAddress(`host address of container ${container}`, hostIp),
      hostPort: hostPort === undefined ? undefined : checkPort(`host port of container ${container}`, hostPort),
    }),
  );
}
