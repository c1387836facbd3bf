import { expect } from 'vitest';
import type { DeployApp } from '../../../src/app/deployment.js';
import { keyOf, refOf, type Manifest, type ObjectKey } from '../../../src/app/manifest.js';
import { hookOf, stageOf } from '../../../src/app/stages.js';
import type { AppObservation, Health, ObjectObservation } from '../../../src/cluster/port.js';

type HookEnd = 'running' | 'done' | 'failed';

/** A live object: how it was written, and how far it is, where it is a hook. */
interface LiveObject {
  readonly text: string;
  readonly hook?: HookEnd;
}

const HEALTH: Readonly<Record<HookEnd, Health>> = {
  running: { status: 'Progressing' },
  done: { status: 'Healthy' },
  failed: { status: 'Degraded' },
};

/** The objects of one application that goes in stages, in the cluster. What must hold of hooks and waves is checked at each write. */
export class StagedCluster {
  readonly #objects = new Map<ObjectKey, LiveObject>();
  /** How each hook ended, also of those that are gone. */
  readonly #ends = new Map<ObjectKey, HookEnd>();

  /** Writes what a run touches of the application. @param inStages whether it is a sync, and not a repair or a rollback */
  apply({ objects, extent }: DeployApp, inStages: boolean, asked: boolean): void {
    const untouched = new Set<ObjectKey>(extent?.untouched);
    const written = objects.filter((object) => !untouched.has(keyOf(object)));
    expect(asked || (extent?.anew ?? []).length === 0).toBe(true);
    for (const object of written) {
      const isAnew = extent?.anew.includes(keyOf(object)) === true;
      this.#write(object, isAnew);
      if (inStages) {
        this.#checkOrder(object, objects);
      }
    }
    if (extent?.keepsRest !== true) {
      const kept = new Set(objects.map(keyOf));
      [...this.#objects.keys()].filter((key) => !kept.has(key)).forEach((key) => this.#objects.delete(key));
    }
    const atWork = [...this.#objects].filter(([key, { hook }]) => key.includes('migrate') && hook === 'running');
    expect(atWork.length).toBeLessThan(2);
  }

  clear(): void {
    this.#objects.clear();
  }

  /** All hooks that run end. Gives whether any did. */
  endHooks(end: 'done' | 'failed'): boolean {
    const running = [...this.#objects].filter(([, { hook }]) => hook === 'running');
    for (const [key, object] of running) {
      this.#objects.set(key, { ...object, hook: end });
      this.#ends.set(key, end);
    }
    return running.length > 0;
  }

  /** Somebody changes what is no hook, or takes everything away that is one. */
  meddle(how: 'drift' | 'delete hooks'): void {
    for (const [key, object] of this.#objects) {
      if (how === 'delete hooks' && object.hook !== undefined && object.hook !== 'running') {
        this.#objects.delete(key);
      } else if (how === 'drift' && object.hook === undefined) {
        this.#objects.set(key, { text: 'drifted' });
      }
    }
  }

  /** What the observer sees when it compares with these objects. */
  observe(objects: readonly Manifest[], isBroken: (object: Manifest) => boolean): AppObservation {
    const seen = objects.map((object): ObjectObservation => {
      const live = this.#objects.get(keyOf(object));
      const [stage, hook] = [stageOf(object), hookOf(object)];
      const state = live === undefined ? 'missing' : live.text === JSON.stringify(object) ? 'synced' : 'drifted';
      const place = { ...(stage !== 0 && { stage }), ...(hook && { hook }) };
      return { ref: refOf(object), state, drift: [], health: healthOf(live, isBroken(object)), ...place };
    });
    const lasting = seen.filter(({ hook }) => hook === undefined).map(({ health }) => health);
    return { objects: seen, health: lasting.find(({ status }) => status !== 'Healthy') ?? { status: 'Healthy' } };
  }

  #write(object: Manifest, isAnew: boolean): void {
    const key = keyOf(object);
    const text = JSON.stringify(object);
    if (hookOf(object) === undefined) {
      this.#objects.set(key, { text });
    } else if (isAnew || !this.#objects.has(key)) {
      this.#objects.set(key, { text, hook: 'running' });
    }
  }

  /** What comes later is written only when the hook before it has ended well and the wave before it is there. */
  #checkOrder(object: Manifest, objects: readonly Manifest[]): void {
    const stage = stageOf(object);
    const hook = objects.find((other) => stageOf(other) === 'pre-sync');
    if (stage === 'pre-sync' || hook === undefined) {
      return;
    }
    expect(this.#ends.get(keyOf(hook))).toBe('done');
    for (const other of objects.filter((one) => stageOf(one) === 0 && stage !== 0)) {
      expect(this.#objects.get(keyOf(other))?.text).toBeDefined();
    }
  }
}

function healthOf(live: LiveObject | undefined, isBroken: boolean): Health {
  if (live === undefined) {
    return { status: 'Missing' };
  }
  if (live.hook !== undefined) {
    return HEALTH[live.hook];
  }
  return isBroken ? { status: 'Progressing', failing: 'CrashLoopBackOff' } : { status: 'Healthy' };
}
