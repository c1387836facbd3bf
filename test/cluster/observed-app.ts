import type { IgnoreRule } from '../../src/app/ignore-differences.js';
import type { Manifest } from '../../src/app/manifest.js';
import { FIELD_MANAGER, track } from '../../src/app/tracking.js';
import type { KubeClient } from '../../src/cluster/client.js';
import { createClusterObserver, type ClusterObserverOptions } from '../../src/cluster/observer.js';
import type { AppObservation, ClusterObserver, ObjectObservation } from '../../src/cluster/port.js';
import type { TestControlPlane } from './control-plane.js';

/** Applies an object as the engine does. */
export async function applyAsEngine(client: KubeClient, path: string, manifest: Manifest): Promise<void> {
  await client.apply(path, Buffer.from(JSON.stringify(manifest)), { fieldManager: FIELD_MANAGER, force: true });
}

/** An observer, and how to wait for what it sees. */
export class Observed {
  readonly observer: ClusterObserver;
  /** The names of applications that changes were told of, in order. */
  readonly told: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(plane: TestControlPlane, options: Partial<ClusterObserverOptions> = {}) {
    this.observer = createClusterObserver({ client: plane.client(), ...options });
  }

  async start(): Promise<this> {
    await this.observer.start((app) => {
      this.told.push(app);
      this.#waiting.forEach((check) => check());
    });
    return this;
  }

  /** Sets tracked objects. */
  desire(app: string, ...manifests: readonly Manifest[]): void {
    this.desireBut([], app, ...manifests);
  }

  /** Sets tracked objects, some of whose fields others may write. */
  desireBut(rules: readonly IgnoreRule[], app: string, ...manifests: readonly Manifest[]): void {
    this.observer.setDesired(
      app,
      manifests.map((manifest) => track(manifest, app)),
      rules,
    );
  }

  /** Waits for a change after which the application is as asked; looks at once too. Throws the last observation after `timeoutMs`. */
  until(app: string, isMet: (observation: AppObservation) => boolean, timeoutMs = 15_000): Promise<AppObservation> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`not seen in ${timeoutMs} ms: ${JSON.stringify(this.observer.observe(app), null, 1)}`));
      }, timeoutMs);
      const check = (): void => {
        const observation = this.observer.observe(app);
        if (isMet(observation)) {
          clearTimeout(timer);
          this.#waiting.delete(check);
          resolve(observation);
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Waits until every object of the application is in a state. Gives the first. */
  async untilState(app: string, state: ObjectObservation['state']): Promise<ObjectObservation> {
    const { objects } = await this.until(
      app,
      (seen) => seen.objects.length > 0 && seen.objects.every((one) => one.state === state),
    );
    return objects[0] as ObjectObservation;
  }
}
