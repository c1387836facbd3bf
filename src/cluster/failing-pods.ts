import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import type { KubeClient } from './client.js';
import { findPodFailure, type PodFailure } from './health/pod.js';
import type { KubeObject } from './kube-object.js';
import { scopedNameOf, startListWatch, type ListWatch } from './list-watch.js';
import type { Health } from './port.js';
import type { ObserverTimings } from './timings.js';
import type { PodSelection } from './workload.js';

/** What is kept of a pod that fails. Healthy pods are not kept. */
interface FailingPod extends PodFailure {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What {@link FailingPods} needs. */
export interface FailingPodsOptions<T> {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly timings: ObserverTimings;
  /** Called with each workload of a namespace whose failing pods changed. */
  readonly onChange: (workload: T) => void;
}

interface NamespaceWatch {
  readonly watch: ListWatch;
  readonly pods: Map<string, FailingPod>;
}

/** Sees which pods fail, in the namespaces in which a workload rolls out. The watch of a namespace is open only for as long. */
export class FailingPods<T> {
  readonly #options: FailingPodsOptions<T>;
  readonly #interests = new Map<T, PodSelection>();
  readonly #namespaces = new Map<string, NamespaceWatch>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: FailingPodsOptions<T>) {
    this.#options = options;
  }

  /** Says which pods of a workload are of interest; undefined when none are any more. */
  follow(workload: T, selection: PodSelection | undefined): void {
    const before = this.#interests.get(workload);
    if (selection === undefined) {
      this.#interests.delete(workload);
    } else {
      this.#interests.set(workload, selection);
      if (!this.#namespaces.has(selection.namespace)) {
        this.#namespaces.set(selection.namespace, this.#open(selection.namespace));
      }
    }
    if (before !== undefined && before.namespace !== selection?.namespace) {
      this.#closeIfUnused(before.namespace);
    }
  }

  /** The health of a workload, with the failure of one of its pods where there is one. */
  refine(workload: T, health: Health): Health {
    const selection = this.#interests.get(workload);
    const pods = selection === undefined ? undefined : this.#namespaces.get(selection.namespace)?.pods;
    if (selection === undefined || pods === undefined || pods.size === 0) {
      return health;
    }
    const pod = [...pods.values()].find(({ labels }) => selection.matches(labels));
    if (pod === undefined) {
      return health;
    }
    const text = `pod ${pod.name}, container ${pod.container}: ${pod.reason}`;
    const message = health.message === undefined ? text : `${health.message}; ${text}`;
    return { ...health, message, failing: pod.reason };
  }

  /** The namespaces that are watched at present. */
  namespaces(): string[] {
    return [...this.#namespaces.keys()];
  }

  async stop(): Promise<void> {
    this.#interests.clear();
    for (const namespace of this.namespaces()) {
      this.#closeIfUnused(namespace);
    }
    await Promise.all(this.#closing);
  }

  #open(namespace: string): NamespaceWatch {
    const { onChange: _onChange, ...shared } = this.#options;
    const pods = new Map<string, FailingPod>();
    const changed = (): void => this.#tell(namespace);
    const drop = (key: string): void => {
      if (pods.delete(key)) {
        changed();
      }
    };
    const watch = startListWatch({
      ...shared,
      what: `pods of ${namespace}`,
      findPath: () => Promise.resolve(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`),
      handler: {
        onObject: (pod) => {
          const failing = findFailingPod(pod);
          const key = scopedNameOf(pod.metadata);
          if (failing === undefined) {
            drop(key);
          } else if (pods.get(key)?.reason !== failing.reason) {
            pods.set(key, failing);
            changed();
          }
        },
        onGone: (pod) => drop(scopedNameOf(pod.metadata)),
        onListed: (names) => [...pods.keys()].filter((key) => !names.has(key)).forEach(drop),
        onProblem: (problem) => {
          if (problem !== undefined) {
            shared.logger.warn('pods cannot be watched', { namespace, problem });
          }
        },
      },
    });
    return { watch, pods };
  }

  #closeIfUnused(namespace: string): void {
    const entry = this.#namespaces.get(namespace);
    if (entry === undefined || [...this.#interests.values()].some((selection) => selection.namespace === namespace)) {
      return;
    }
    this.#namespaces.delete(namespace);
    const closing = entry.watch.stop().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #tell(namespace: string): void {
    for (const [workload, selection] of this.#interests) {
      if (selection.namespace === namespace) {
        this.#options.onChange(workload);
      }
    }
  }
}

function findFailingPod(pod: KubeObject): FailingPod | undefined {
  const failure = pod.metadata.deletionTimestamp === undefined ? findPodFailure(pod) : undefined;
  return failure === undefined ? undefined : { ...failure, name: pod.metadata.name, labels: pod.metadata.labels ?? {} };
}
