/** What an image does when it runs, as its label says; `missing` when the registry does not have it for the node's platform. */
export type ImageBehavior = 'run' | 'missing' | 'crash' | 'never-ready' | 'oom';

/** The label of an image configuration that makes it misbehave in the sandbox. */
export const BEHAVIOR_LABEL = 'dev.prodesk.sandbox/behavior';

/** The parts of a pod that are looked at. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
    readonly containers: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
  };
  readonly status?: {
    readonly startTime?: string;
    readonly conditions?: readonly PodCondition[];
  };
}

/** A container of a pod; an init container that restarts always is a sidecar. */
export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
}

/** A condition of a pod. */
export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

/** The moment of a pod's life that is to be reported. */
export interface Moment {
  /** RFC 3339. */
  readonly now: string;
  /** How often the kubelet has dealt with the pod before; counts pulls and restarts. */
  readonly attempt: number;
}

/** What a kubelet reports, and when it has to look at the pod again. */
export interface PodReport {
  /** To be merged into the pod's status, conditions by their type. */
  readonly status: object;
  /** Milliseconds until the next attempt; absent when the pod stays as it is. */
  readonly nextMs?: number;
}

/** The times of this kubelet are shorter than a real one's (10 s to 5 min), so that nobody waits for a test. */
const SOON_MS = 200;
const LONGEST_BACK_OFF_MS = 10_000;

/** How a container is: its status, and whether it is done, up, on its way, or failed for good. */
interface ContainerReport {
  readonly status: object;
  readonly phase: 'up' | 'not-ready' | 'pulling' | 'working' | 'crashing' | 'done' | 'failed';
}

/** What a kubelet would report of a pod at its n-th attempt, given what its images do. */
export function reportPod(pod: Pod, behaviorOf: (image: string) => ImageBehavior, moment: Moment): PodReport {
  const { containers, initContainers = [], restartPolicy = 'Always' } = pod.spec;
  const inits: ContainerReport[] = [];
  for (const container of initContainers) {
    const isBlocked = inits.some(({ phase }) => phase !== 'done' && phase !== 'up');
    inits.push(isBlocked ? waitingContainer(container) : initContainer(container, behaviorOf(container.image), moment));
  }
  const isInitialized = inits.every(({ phase }) => phase === 'done' || phase === 'up');
  const mains = containers.map((container) =>
    isInitialized
      ? mainContainer(container, behaviorOf(container.image), restartPolicy, moment)
      : waitingContainer(container),
  );
  const nextMs = nextLook([...inits, ...mains], moment.attempt);
  return {
    status: {
      phase: podPhase([...inits, ...mains], mains),
      startTime: pod.status?.startTime ?? moment.now,
      ...addressesOf(pod),
      initContainerStatuses: inits.map(({ status }) => status),
      containerStatuses: mains.map(({ status }) => status),
      conditions: conditionsOf(pod, isInitialized, mains, moment.now),
    },
    ...(nextMs === undefined ? {} : { nextMs }),
  };
}

function podPhase(all: readonly ContainerReport[], mains: readonly ContainerReport[]): string {
  if (all.some(({ phase }) => phase === 'pulling')) {
    return 'Pending';
  }
  if (mains.every(({ phase }) => phase === 'done')) {
    return 'Succeeded';
  }
  return all.some(({ phase }) => phase === 'failed') ? 'Failed' : 'Running';
}

function nextLook(containers: readonly ContainerReport[], attempt: number): number | undefined {
  const phases = new Set(containers.map(({ phase }) => phase));
  if (phases.has('failed')) {
    return undefined;
  }
  if (phases.has('working')) {
    return SOON_MS;
  }
  return phases.has('pulling') || phases.has('crashing') ? backOff(attempt) : undefined;
}

function backOff(attempt: number): number {
  return attempt === 0 ? SOON_MS : Math.min(1000 * 2 ** (attempt - 1), LONGEST_BACK_OFF_MS);
}

function initContainer(container: PodContainer, behavior: ImageBehavior, moment: Moment): ContainerReport {
  const isSidecar = container.restartPolicy === 'Always';
  const isFine = behavior === 'run' || behavior === 'never-ready';
  return isFine && !isSidecar ? finished(container, moment) : mainContainer(container, behavior, 'Always', moment);
}

function mainContainer(
  container: PodContainer,
  behavior: ImageBehavior,
  restartPolicy: string,
  moment: Moment,
): ContainerReport {
  const running = { running: { startedAt: moment.now } };
  switch (behavior) {
    case 'missing':
      return pulling(container, moment.attempt);
    case 'crash':
      return crashing(container, restartPolicy, terminated('Error', 1, moment.now), moment.attempt);
    case 'oom':
      return crashing(container, restartPolicy, terminated('OOMKilled', 137, moment.now), moment.attempt);
    case 'never-ready':
      return { phase: 'not-ready', status: { ...baseOf(container), ready: false, started: true, state: running } };
    case 'run':
      if (restartPolicy !== 'Always' && moment.attempt > 0) {
        return finished(container, moment);
      }
      return {
        phase: restartPolicy === 'Always' ? 'up' : 'working',
        status: { ...baseOf(container), ready: true, started: true, state: running },
      };
  }
}

/** First the error, then the wait for the next try, as a kubelet does. */
function pulling(container: PodContainer, attempt: number): ContainerReport {
  const waiting =
    attempt === 0
      ? { reason: 'ErrImagePull', message: `failed to pull and unpack image "${container.image}": not found` }
      : { reason: 'ImagePullBackOff', message: `Back-off pulling image "${container.image}"` };
  return { phase: 'pulling', status: { ...baseOf(container), ready: false, started: false, state: { waiting } } };
}

function crashing(
  container: PodContainer,
  restartPolicy: string,
  end: ReturnType<typeof terminated>,
  attempt: number,
): ContainerReport {
  const status = { ...baseOf(container), ready: false, started: false, restartCount: attempt };
  if (restartPolicy === 'Never') {
    return { phase: 'failed', status: { ...status, restartCount: 0, state: end } };
  }
  if (attempt === 0) {
    return { phase: 'crashing', status: { ...status, state: end } };
  }
  const message = `back-off ${backOff(attempt) / 1000}s restarting failed container=${container.name}`;
  const state = { waiting: { reason: 'CrashLoopBackOff', message } };
  return { phase: 'crashing', status: { ...status, lastState: end, state } };
}

function finished(container: PodContainer, { now }: Moment): ContainerReport {
  return {
    phase: 'done',
    status: { ...baseOf(container), ready: false, started: false, state: terminated('Completed', 0, now) },
  };
}

function waitingContainer(container: PodContainer): ContainerReport {
  const state = { waiting: { reason: 'PodInitializing' } };
  return { phase: 'not-ready', status: { ...baseOf(container), ready: false, started: false, state } };
}

function terminated(reason: string, exitCode: number, now: string) {
  return { terminated: { reason, exitCode, startedAt: now, finishedAt: now } };
}

function baseOf({ name, image }: PodContainer) {
  return { name, image, imageID: image, restartCount: 0 };
}

function conditionsOf(
  pod: Pod,
  isInitialized: boolean,
  mains: readonly ContainerReport[],
  now: string,
): readonly PodCondition[] {
  const isReady = mains.every(({ phase }) => phase === 'up' || phase === 'working');
  const isDone = mains.every(({ phase }) => phase === 'done');
  const claims: Record<string, boolean> = { Initialized: isInitialized, ContainersReady: isReady, Ready: isReady };
  return Object.entries(claims).map(([type, isTrue]) => {
    const status = isTrue ? 'True' : 'False';
    const before = pod.status?.conditions?.find((condition) => condition.type === type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    const reason = isTrue ? {} : { reason: isDone ? 'PodCompleted' : 'ContainersNotReady' };
    return { type, status, lastTransitionTime: since ?? now, ...reason };
  });
}

function addressesOf({ metadata, spec }: Pod): object {
  const hostIP = '127.0.0.1';
  const podIP = spec.hostNetwork === true ? hostIP : podAddress(metadata.uid);
  return { hostIP, hostIPs: [{ ip: hostIP }], podIP, podIPs: [{ ip: podIP }] };
}

/** An address of the cluster's pod range that depends on the pod alone. */
function podAddress(uid: string): string {
  const number = Number.parseInt(uid.replaceAll('-', '').slice(0, 4), 16) % 65_024;
  return `10.42.${Math.floor(number / 254)}.${(number % 254) + 1}`;
}
