import { ignoredFields, type IgnoreRule } from '../app/ignore-differences.js';
import type { Manifest } from '../app/manifest.js';
import { systemClock, type Clock } from '../base/clock.js';
import { CancelledError, messageOf, TransientError } from '../base/errors.js';
import { silentLogger, type Logger } from '../base/logger.js';
import { ChangeNotifier } from './change-notifier.js';
import type { KubeClient } from './client.js';
import { Connection, type ConnectionStatus } from './connection.js';
import { createDiscovery, type Discovery } from './discovery.js';
import { askedWaitMs } from './failure.js';
import { FailingPods } from './failing-pods.js';
import { healthOf, worstHealth } from './health/index.js';
import { inspectObject, type Inspection } from './inspect-object.js';
import { Inventory, kindIdOf } from './inventory.js';
import { KindWatches } from './kind-watches.js';
import type { KubeObject } from './kube-object.js';
import { scopedNameOf } from './list-watch.js';
import type { AppObservation, ClusterObserver, Health, ObjectObservation } from './port.js';
import { DEFAULT_TIMINGS, type ObserverTimings } from './timings.js';
import {
  digestOf,
  isOutdated,
  isVerified,
  MISSING,
  MISSING_HEALTH,
  UNKNOWN,
  UNKNOWN_HEALTH,
  type TrackedObject,
  type Verdict,
} from './tracked-object.js';
import { WorkQueue } from './work-queue.js';
import { RetryLater } from './retry-later.js';
import { findPodSelection, type PodSelection } from './workload.js';

/** How many objects are read and compared at the same time. */
const CONCURRENCY = 4;

/** Options of {@link createClusterObserver}. */
export interface ClusterObserverOptions {
  /** Closed by `stop()`. */
  readonly client: KubeClient;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default silentLogger */
  readonly logger?: Logger;
  /** From 0 up to 1, for jitter. @default Math.random */
  readonly random?: () => number;
  /** @default DEFAULT_TIMINGS */
  readonly timings?: Partial<ObserverTimings>;
}

/** Makes the observer of a cluster: watches each kind in use, and compares an object exactly only when one of our fields may have changed. */
export function createClusterObserver(options: ClusterObserverOptions): ClusterObserver {
  return new WatchingObserver(options);
}

class WatchingObserver implements ClusterObserver {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #timings: ObserverTimings;
  readonly #client: KubeClient;
  readonly #connection: Connection;
  readonly #discovery: Discovery;
  readonly #inventory = new Inventory();
  readonly #queue: WorkQueue<TrackedObject>;
  readonly #watches: KindWatches;
  readonly #pods: FailingPods<TrackedObject>;
  readonly #abort = new AbortController();
  readonly #retries: RetryLater<TrackedObject>;
  #notifier: ChangeNotifier | undefined;
  #stopping: Promise<void> | undefined;

  constructor({
    client,
    clock = systemClock,
    logger = silentLogger,
    random = Math.random,
    timings,
  }: ClusterObserverOptions) {
    this.#logger = logger;
    this.#clock = clock;
    this.#timings = { ...DEFAULT_TIMINGS, ...timings };
    this.#connection = new Connection({
      client,
      clock,
      timings: this.#timings,
      onChange: (reachable) => this.#onConnection(reachable),
    });
    this.#client = this.#connection.client;
    this.#discovery = createDiscovery(this.#client, clock);
    this.#queue = new WorkQueue(CONCURRENCY, (object) => this.#inspect(object));
    this.#retries = new RetryLater(
      clock,
      () => !this.#connection.status().reachable,
      (object) => this.#queue.add(object, 'bulk'),
    );
    const shared = { client: this.#client, clock, logger, random, timings: this.#timings };
    this.#pods = new FailingPods({ ...shared, onChange: ({ app }) => this.#changed(app) });
    this.#watches = new KindWatches({
      ...shared,
      discovery: this.#discovery,
      handler: {
        onObject: (kind, object, source) => this.#onObject(kind, object, source),
        onGone: (kind, { metadata }) => this.#inventory.find(kind, metadata).forEach((object) => this.#onGone(object)),
        onListed: (kind, names) => this.#onListed(kind, names),
        onProblem: (kind) => this.#inventory.objectsOfKind(kind).forEach(({ app }) => this.#changed(app)),
      },
    });
  }

  async start(onChange: (app: string) => void): Promise<void> {
    this.#notifier = new ChangeNotifier(this.#clock, this.#timings.coalesceMs, onChange);
    this.#watches.use(this.#inventory.kinds());
    await this.#connection.start();
  }

  setDesired(app: string, objects: readonly Manifest[], rules: readonly IgnoreRule[] = []): void {
    const { added, changed, removed } = this.#inventory.set(app, objects, ignoredFields(objects, rules));
    this.#drop(removed);
    this.#useKinds();
    for (const object of [...changed, ...added.filter(({ ref }) => this.#watches.isListed(kindIdOf(ref)))]) {
      this.#queue.add(object, 'urgent');
    }
    if (added.length + removed.length > 0) {
      this.#changed(app);
    }
  }

  forget(app: string): void {
    this.#drop(this.#inventory.delete(app));
    this.#useKinds();
  }

  observe(app: string): AppObservation {
    const { reachable, message } = this.#connection.status();
    const lost = reachable ? undefined : `the cluster cannot be reached: ${message ?? 'no answer'}`;
    const objects = this.#inventory.objectsOf(app).map((object) => this.#observationOf(object, lost));
    const lasting = objects.filter(({ hook }) => hook === undefined);
    return { objects, health: worstHealth(lasting.map(({ health }) => health)) };
  }

  async refresh(app: string, signal?: AbortSignal): Promise<AppObservation> {
    if (this.#stopping !== undefined) {
      throw new CancelledError('cancelled/shutdown', 'the observer is stopped');
    }
    await untilCancelled(
      Promise.all(this.#inventory.objectsOf(app).map((object) => this.#queue.settle(object))),
      signal,
    );
    return this.observe(app);
  }

  connection(): ConnectionStatus {
    return this.#connection.status();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#abort.abort();
    this.#queue.stop();
    this.#notifier?.stop();
    this.#retries.stop();
    await Promise.all([this.#connection.stop(), this.#watches.stop(), this.#pods.stop()]);
    await this.#client.close();
  }

  #useKinds(): void {
    if (this.#notifier !== undefined && this.#stopping === undefined) {
      this.#watches.use(this.#inventory.kinds());
    }
  }

  #drop(objects: readonly TrackedObject[]): void {
    for (const object of objects) {
      this.#queue.remove(object);
      this.#retries.delete(object);
      this.#pods.follow(object, undefined);
    }
  }

  #changed(app: string): void {
    this.#notifier?.add(app);
  }

  #onConnection(reachable: boolean): void {
    this.#logger.info(reachable ? 'cluster is reachable' : 'cluster is unreachable', { ...this.#connection.status() });
    this.#inventory.apps().forEach((app) => this.#changed(app));
    if (reachable) {
      this.#watches.wake();
      this.#retries.flush();
    }
  }

  #onObject(kindId: string, live: KubeObject, source: 'list' | 'watch'): void {
    for (const object of this.#inventory.find(kindId, live.metadata)) {
      const { health } = object;
      if (!isOutdated(object.live, live.metadata) && !this.#accept(object, live)) {
        this.#queue.add(object, source === 'list' ? 'bulk' : 'urgent');
      }
      if (object.ref.kind === 'CustomResourceDefinition' && health !== object.health) {
        this.#watches.wake();
      }
    }
  }

  /** An object left the watch: it was deleted or lost its label, which only a read can tell. */
  #onGone(object: TrackedObject): void {
    object.baseline = undefined;
    this.#queue.add(object, 'urgent');
  }

  /** Looks for what the list did not have, and for what came to be desired after its page of the list had passed. */
  #onListed(kindId: string, names: ReadonlySet<string>): void {
    for (const object of this.#inventory.objectsOfKind(kindId)) {
      const isListed = names.has(scopedNameOf(object.ref)) || names.has(`/${object.ref.name}`);
      if (!isListed || object.live === undefined) {
        this.#queue.add(object, 'bulk');
      }
    }
  }

  /** Keeps what matters of a live object. Gives whether the verdict on it still holds. */
  #accept(object: TrackedObject, live: KubeObject): boolean {
    object.live = digestOf(live, object.ref.apiVersion);
    const health = healthOf(live, object.ref);
    const isRollingOut = health.status === 'Progressing' || health.status === 'Degraded';
    this.#pods.follow(object, isRollingOut ? podsOf(object, live) : undefined);
    this.#setHealth(object, health);
    return isVerified(object);
  }

  async #inspect(object: TrackedObject): Promise<void> {
    const { bodyHash } = object;
    let inspection: Inspection;
    try {
      inspection = await inspectObject(object, {
        client: this.#client,
        discovery: this.#discovery,
        onLive: (live) => this.#accept(object, live),
        signal: this.#abort.signal,
      });
    } catch (error) {
      this.#onFailure(object, error);
      return;
    }
    if (object.bodyHash === bodyHash && this.#inventory.has(object)) {
      this.#conclude(object, inspection);
    }
  }

  #conclude(object: TrackedObject, inspection: Inspection): void {
    switch (inspection.kind) {
      case 'unchanged':
        break;
      case 'missing':
        this.#setAbsent(object, MISSING);
        break;
      case 'kind-unknown':
        this.#setAbsent(object, { ...UNKNOWN, problem: inspection.problem });
        break;
      case 'compared':
        object.baseline = inspection.baseline;
        this.#setVerdict(object, inspection.verdict);
        if (inspection.verdict.drift.some((pointer) => pointer.startsWith('/metadata/labels'))) {
          this.#retries.add(object, this.#timings.unlabelledMs);
        }
        break;
    }
  }

  #setAbsent(object: TrackedObject, verdict: Verdict): void {
    object.live = undefined;
    object.baseline = undefined;
    this.#pods.follow(object, undefined);
    this.#setHealth(object, MISSING_HEALTH);
    this.#setVerdict(object, verdict);
  }

  #setVerdict(object: TrackedObject, verdict: Verdict): void {
    if (JSON.stringify(object.verdict) !== JSON.stringify(verdict)) {
      object.verdict = verdict;
      this.#changed(object.app);
    }
  }

  #setHealth(object: TrackedObject, health: Health): void {
    if (JSON.stringify(object.health) !== JSON.stringify(health)) {
      object.health = health;
      this.#changed(object.app);
    }
  }

  /** Reads the object again later. A server that asks us to slow down says nothing about the object. */
  #onFailure(object: TrackedObject, error: unknown): void {
    if (error instanceof CancelledError || !this.#inventory.has(object)) {
      return;
    }
    const askedMs = askedWaitMs(error);
    if (askedMs === 0) {
      object.baseline = undefined;
      this.#setVerdict(object, { ...UNKNOWN, problem: messageOf(error) });
    }
    const waitMs = error instanceof TransientError ? this.#timings.retryMs : this.#timings.kindRetry.maxMs;
    this.#retries.add(object, askedMs > 0 ? askedMs : waitMs);
  }

  #observationOf(object: TrackedObject, lost: string | undefined): ObjectObservation {
    const { verdict, place } = object;
    const named = { ref: object.ref, ...place };
    if (lost !== undefined) {
      return { ...named, ...UNKNOWN, health: { status: 'Unknown', message: lost }, problem: lost };
    }
    const problem = this.#watches.problemOf(kindIdOf(object.ref));
    if (problem !== undefined) {
      return { ...named, ...UNKNOWN, health: object.live === undefined ? MISSING_HEALTH : UNKNOWN_HEALTH, problem };
    }
    return { ...named, ...verdict, health: this.#pods.refine(object, object.health) };
  }
}

/** The pods whose failures count. Those of a Job that is no hook are its own business: it says itself when it has failed. */
function podsOf({ ref, place }: TrackedObject, live: KubeObject): PodSelection | undefined {
  return ref.kind === 'Job' && place.hook === undefined ? undefined : findPodSelection(live, ref);
}

/** Waits for a promise; throws `cancelled/superseded` as soon as the signal fires. */
async function untilCancelled(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const cancelled = new CancelledError('cancelled/superseded', 'refresh: cancelled');
  if (signal?.aborted === true) {
    throw cancelled;
  }
  let cancel: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    cancel = () => reject(cancelled);
  });
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
