import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../base/errors.js';
import type { KubeApi } from '../kube-api.js';
import type { Progress } from '../toolchain.js';
import type { ImageBehavior, Pod } from './pod-status.js';
import { podStatusOf } from './pod-status.js';

const RECONNECT_MS = 200;

/** What {@link startKubelet} needs. */
export interface KubeletOptions {
  readonly api: KubeApi;
  /** What an image does; asked once for each new pod. */
  readonly behaviorOf: (image: string) => Promise<ImageBehavior>;
  readonly log: Progress;
}

/**
 * Plays the part of a kubelet that decides whether pods run: pulls their images from the registry, by looking whether they are there,
 * and starts them, by reporting the status that the image deserves.
 * @returns a function that ends it
 */
export function startKubelet({ api, behaviorOf, log }: KubeletOptions): () => Promise<void> {
  const abort = new AbortController();
  const started = new Set<string>();

  const start = async (pod: Pod): Promise<void> => {
    const { uid, name, namespace, deletionTimestamp } = pod.metadata;
    if (pod.spec.nodeName === undefined || deletionTimestamp !== undefined || started.has(uid)) {
      return;
    }
    started.add(uid);
    const images = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ image }) => image);
    const behaviors = new Map<string, ImageBehavior>();
    for (const image of new Set(images)) {
      behaviors.set(image, await behaviorOf(image));
    }
    const status = podStatusOf(pod, (image) => behaviors.get(image) ?? 'run', new Date().toISOString());
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
    await api.call({ method: 'PATCH', path, body: { status }, contentType: 'application/merge-patch+json' });
  };

  const startOrForget = (pod: Pod): void => {
    start(pod).catch((error: unknown) => {
      started.delete(pod.metadata.uid);
      if (!abort.signal.aborted) {
        log(`pod ${pod.metadata.name}: ${messageOf(error)}`);
      }
    });
  };

  const follow = async (): Promise<void> => {
    const list = (await api.call({ path: '/api/v1/pods', signal: abort.signal })) as PodList;
    list.items.forEach(startOrForget);
    const path = `/api/v1/pods?watch=true&resourceVersion=${list.metadata.resourceVersion}`;
    for await (const event of api.stream({ path, signal: abort.signal })) {
      const { type, object } = event as { type: string; object: Pod };
      if (type === 'DELETED') {
        started.delete(object.metadata.uid);
      } else if (type !== 'ERROR') {
        startOrForget(object);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      await follow().catch((error: unknown) => {
        if (!abort.signal.aborted) {
          log(`watch of pods: ${messageOf(error)}`);
        }
      });
      await delay(RECONNECT_MS, undefined, { signal: abort.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    abort.abort();
    await running;
  };
}

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}
