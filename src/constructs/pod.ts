import type { k8s } from 'cdk8s-plus-28';
import { type ContainerProps, renderContainer } from './container.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** What pods of a workload have beside their containers. */
export interface PodOptions {
  /** Containers that run to their end, one after the other, before the others start. @default - none */
  readonly initContainers?: readonly ContainerProps[];
  /** Secrets with registry credentials, such as a {@link PullSecret}. @default - none */
  readonly pullSecrets?: readonly NameOrConstruct[];
  /**
   * Whether Services of the namespace appear as environment variables. They can shadow an application's own: a Service `redis` sets `REDIS_PORT=tcp://...`.
   * @default - the API's: true
   */
  readonly enableServiceLinks?: boolean;
}

/** A pod. */
export interface PodProps extends PodOptions {
  readonly containers: readonly ContainerProps[];
  /** @default - the API's: Always */
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
}

/** A pod's specification; its volumes are those that containers mount. */
export function renderPod(props: PodProps): k8s.PodSpec {
  const { initContainers = [], pullSecrets = [] } = props;
  const volumes = volumesOf([...initContainers, ...props.containers]);
  return defined({
    enableServiceLinks: props.enableServiceLinks,
    restartPolicy: props.restartPolicy,
    imagePullSecrets: pullSecrets.length > 0 ? pullSecrets.map((secret) => ({ name: nameOf(secret) })) : undefined,
    initContainers: initContainers.length > 0 ? initContainers.map(renderContainer) : undefined,
    containers: props.containers.map(renderContainer),
    volumes: volumes.length > 0 ? volumes : undefined,
  });
}

function volumesOf(containers: readonly ContainerProps[]): k8s.Volume[] {
  const volumes = new Map<string, k8s.Volume>();
  for (const { volume } of containers.flatMap(({ mounts = [] }) => mounts)) {
    const { manifest } = volume;
    const known = volumes.get(manifest.name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(manifest)) {
      throw new RangeError(`two different volumes have the name "${manifest.name}"`);
    }
    volumes.set(manifest.name, manifest);
  }
  return [...volumes.values()];
}
