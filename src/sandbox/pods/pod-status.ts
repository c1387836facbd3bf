/** What an image does when it runs, as its label says; `missing` when the registry does not have it. */
export type ImageBehavior = 'run' | 'missing' | 'crash' | 'never-ready' | 'oom';

/** The label of an image configuration that makes it misbehave in the sandbox. */
export const BEHAVIOR_LABEL = 'dev.prodesk.sandbox/behavior';

/** The parts of a pod that are looked at. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
  };
  readonly status?: { readonly phase?: string; readonly startTime?: string };
}

interface PodContainer {
  readonly name: string;
  readonly image: string;
}

type ContainerState = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The status that a kubelet would report a moment after it started the pod. */
export function podStatusOf(pod: Pod, behaviorOf: (image: string) => ImageBehavior, now: string): object {
  const isJob = pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ?? false;
  const containers = pod.spec.containers.map((container) =>
    containerStatus(container, behaviorOf(container.image), isJob, now),
  );
  const ready = containers.every((container) => container.ready);
  const pending = containers.some(({ image }) => behaviorOf(image) === 'missing');
  const succeeded = isJob && pod.spec.containers.every(({ image }) => behaviorOf(image) === 'run');
  return {
    phase: succeeded ? 'Succeeded' : pending ? 'Pending' : 'Running',
    startTime: pod.status?.startTime ?? now,
    hostIP: '127.0.0.1',
    podIP: podAddress(pod.metadata.uid),
    containerStatuses: containers,
    initContainerStatuses: (pod.spec.initContainers ?? []).map(({ name, image }) => ({
      ...containerBase(name, image),
      ready: true,
      state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
    })),
    conditions: [
      condition('PodScheduled', true, now),
      condition('Initialized', true, now),
      condition('ContainersReady', ready && !succeeded, now),
      condition('Ready', ready && !succeeded, now),
    ],
  };
}

function containerStatus({ name, image }: PodContainer, behavior: ImageBehavior, isJob: boolean, now: string) {
  const base = containerBase(name, image);
  const running: ContainerState = { running: { startedAt: now } };
  switch (behavior) {
    case 'run':
      return isJob
        ? { ...base, ready: false, state: terminated('Completed', 0, now) }
        : { ...base, ready: true, started: true, state: running };
    case 'never-ready':
      return { ...base, ready: false, started: true, state: running };
    case 'missing':
      return {
        ...base,
        ready: false,
        state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } },
      };
    case 'crash':
      return crashing(base, terminated('Error', 1, now));
    case 'oom':
      return crashing(base, terminated('OOMKilled', 137, now));
  }
}

function crashing(base: ReturnType<typeof containerBase>, lastState: ContainerState) {
  const message = `back-off 10s restarting failed container=${base.name}`;
  return {
    ...base,
    ready: false,
    restartCount: 3,
    lastState,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
  };
}

function terminated(reason: string, exitCode: number, now: string): ContainerState {
  return { terminated: { reason, exitCode, startedAt: now, finishedAt: now } };
}

function containerBase(name: string, image: string) {
  return { name, image, imageID: image, restartCount: 0 };
}

function condition(type: string, isTrue: boolean, now: string) {
  return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: now };
}

/** An address of the cluster's pod range that depends on the pod alone. */
function podAddress(uid: string): string {
  const number = Number.parseInt(uid.replaceAll('-', '').slice(0, 4), 16) % 65_024;
  return `10.42.${Math.floor(number / 254)}.${(number % 254) + 1}`;
}
