import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../base/errors.js';
import type { KubeApi } from '../kube-api.js';
import type { Progress } from '../toolchain.js';
import { reportPod, type ImageBehavior, type Pod } from './pod-status.js';

const RECONNECT_MS = 200;
const RETRY_MS = 1000;

/** What {@link startKubelet} needs. */
export interface KubeletOptions {
  readonly api: KubeApi;
  /** What an image does; asked for each new pod, and again while the image is missing. */
  readonly behaviorOf: (image: string) => Promise<ImageBehavior>;
  readonly log: Progress;
}

/**
 * Plays the part of a kubelet that decides whether pods run: pulls their images from the registry, by looking whether they are there,
 * and starts them, by reporting the status that the image deserves.
 * @returns a function that ends it
 */
export function startKubelet(options: KubeletOptions): () => Promise<void> {
  const kubelet = new Kubelet(options);
  const running = kubelet.run();
  return async () => {
    kubelet.end();
    await running;
  };
}

/** The pods of the only node. */
class Kubelet {
  readonly #options: KubeletOptions;
  readonly #ended = new AbortController();
  readonly #pods = new Map<string, AbortController>();

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  end(): void {
    this.#ended.abort();
    this.#pods.forEach((pod) => pod.abort());
  }

  /** Follows the cluster's pods until the end, across failures of the API server. */
  async run(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#follow().catch((error: unknown) => this.#tell('watch of pods', error, signal));
      await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    const { api } = this.#options;
    const { signal } = this.#ended;
    const list = (await api.call({ path: '/api/v1/pods', signal })) as PodList;
    const present = new Set(list.items.map(({ metadata }) => metadata.uid));
    [...this.#pods.keys()].filter((uid) => !present.has(uid)).forEach((uid) => this.#forget(uid));
    list.items.forEach((pod) => this.#see(pod));
    const path = `/api/v1/pods?watch=true&resourceVersion=${list.metadata.resourceVersion}`;
    for await (const event of api.stream({ path, signal })) {
      const { type, object } = event as { type: string; object: Pod };
      if (type === 'ERROR') {
        return;
      }
      if (type === 'DELETED') {
        this.#forget(object.metadata.uid);
      } else {
        this.#see(object);
      }
    }
  }

  #see(pod: Pod): void {
    const { uid, name, namespace, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      this.#pods.get(uid)?.abort();
    } else if (pod.spec.nodeName !== undefined && !this.#pods.has(uid)) {
      const gone = new AbortController();
      this.#pods.set(uid, gone);
      void this.#live(pod, gone.signal).catch((error: unknown) =>
        this.#tell(`pod ${namespace}/${name}`, error, gone.signal),
      );
    }
  }

  #forget(uid: string): void {
    this.#pods.get(uid)?.abort();
    this.#pods.delete(uid);
  }

  /** Reports a pod's status until there is nothing more to report. */
  async #live(first: Pod, signal: AbortSignal): Promise<void> {
    let pod = first;
    let behaviors = new Map<string, ImageBehavior>();
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const before = behaviors;
      behaviors = await this.#pull(pod, before, signal);
      if ([...before].some(([image, behavior]) => behaviors.get(image) !== behavior)) {
        attempt = 0;
      }
      const moment = { now: new Date().toISOString().replace(/\.\d+/, ''), attempt };
      const { status, nextMs } = reportPod(pod, (image) => behaviors.get(image) ?? 'missing', moment);
      const reported = await this.#report(pod, status, signal);
      if (reported === undefined || nextMs === undefined) {
        return;
      }
      pod = reported;
      await delay(nextMs, undefined, { signal });
    }
  }

  /** Looks for the images that are not there yet, until the registry answers. */
  async #pull(
    pod: Pod,
    known: ReadonlyMap<string, ImageBehavior>,
    signal: AbortSignal,
  ): Promise<Map<string, ImageBehavior>> {
    const behaviors = new Map(known);
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    for (const { image } of containers) {
      while ((behaviors.get(image) ?? 'missing') === 'missing') {
        try {
          behaviors.set(image, await this.#options.behaviorOf(image));
          break;
        } catch (error) {
          this.#tell(`image ${image}`, error, signal);
          await delay(RETRY_MS, undefined, { signal });
        }
      }
    }
    return behaviors;
  }

  /** Writes the status; gives the pod as it is then, or undefined when it is gone. */
  async #report(pod: Pod, status: object, signal: AbortSignal): Promise<Pod | undefined> {
    const { name, namespace, uid } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
    const body = { metadata: { uid }, status };
    const contentType = 'application/strategic-merge-patch+json';
    for (;;) {
      const answer = await this.#options.api.send({ method: 'PATCH', path, body, contentType, signal });
      if (answer.status < 300) {
        return answer.body as Pod;
      }
      if (answer.status === 404 || answer.status === 409) {
        return undefined;
      }
      this.#tell(`pod ${namespace}/${name}`, new Error(`status ${answer.status}`), signal);
      await delay(RETRY_MS, undefined, { signal });
    }
  }

  /** Failures that come of ending are no news. */
  #tell(what: string, error: unknown, signal: AbortSignal): void {
    if (!signal.aborted) {
      this.#options.log(`${what}: ${messageOf(error)}`);
    }
  }
}

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}
