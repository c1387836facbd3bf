import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type EnvironmentSource, renderEnvironment } from './environment.js';
import { type ProbesProps, renderProbes } from './probe.js';
import { type ResourcesProps, renderResources } from './resources.js';
import { checkLabel, checkPort } from './validation.js';
import type { Mount } from './volume.js';

/** What runs in a container, and with what. */
export interface ContainerOptions {
  /** Such as `mysql:8.0.37`. */
  readonly image: string;
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's arguments */
  readonly args?: readonly string[];
  /** @default - no variables of its own */
  readonly environment?: readonly EnvironmentSource[];
  /** @default - no requests and no limits */
  readonly resources?: ResourcesProps;
  /** @default - no probes */
  readonly probes?: ProbesProps;
  /** @default - nothing is mounted */
  readonly mounts?: readonly Mount[];
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
  const { name, image, command, args, port, mounts = [] } = props;
  if (!/^[^\s:]\S*$/.test(image)) {
    throw new RangeError(`image of container ${name} is not an image reference: "${image}"`);
  }
  return defined({
    name: checkLabel('container name', name),
    image,
    command: command && [...command],
    args: args && [...args],
    ports: port === undefined ? undefined : [{ containerPort: checkPort(`port of container ${name}`, port) }],
    ...renderEnvironment(props.environment ?? []),
    resources: props.resources && renderResources(props.resources),
    ...renderProbes(props.probes ?? {}),
    volumeMounts: mounts.length > 0 ? mounts.map(({ manifest }) => manifest) : undefined,
  });
}
