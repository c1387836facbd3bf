import { ignoredOf, type IgnoredFields } from '../app/ignore-differences.js';
import { keyOf, type Manifest, type ObjectKey, type ObjectRef } from '../app/manifest.js';
import { trackObject, updateDesired, type TrackedObject } from './tracked-object.js';

/** The objects of one kind, by name. */
export interface KindObjects {
  readonly apiVersion: string;
  readonly kind: string;
  readonly byName: Map<string, Set<TrackedObject>>;
}

/** What a new desired state changed. */
export interface InventoryChange {
  readonly added: readonly TrackedObject[];
  readonly changed: readonly TrackedObject[];
  readonly removed: readonly TrackedObject[];
}

/** The tracked objects of all applications, found by application and by kind. */
export class Inventory {
  readonly #apps = new Map<string, Map<ObjectKey, TrackedObject>>();
  readonly #kinds = new Map<string, KindObjects>();

  /** Replaces the desired objects of an application. An object whose API version changed counts as another one. */
  set(
    app: string,
    manifests: readonly Manifest[],
    ignored: ReadonlyMap<ObjectKey, IgnoredFields> = new Map(),
  ): InventoryChange {
    const before = this.#apps.get(app) ?? new Map<ObjectKey, TrackedObject>();
    const after = new Map<ObjectKey, TrackedObject>();
    const [added, changed]: [TrackedObject[], TrackedObject[]] = [[], []];
    for (const manifest of manifests) {
      const known = before.get(keyOf(manifest));
      if (known === undefined || known.ref.apiVersion !== manifest.apiVersion) {
        const object = trackObject(app, manifest, ignoredOf(ignored, manifest));
        after.set(keyOf(manifest), object);
        added.push(object);
      } else {
        after.set(keyOf(manifest), known);
        if (updateDesired(known, manifest, ignoredOf(ignored, manifest))) {
          changed.push(known);
        }
      }
    }
    const kept = new Set(after.values());
    const removed = [...before.values()].filter((object) => !kept.has(object));
    removed.forEach((object) => this.#unlist(object));
    added.forEach((object) => this.#list(object));
    this.#apps.set(app, after);
    return { added, changed, removed };
  }

  /** Drops an application. Gives the objects that it had. */
  delete(app: string): readonly TrackedObject[] {
    const objects = this.objectsOf(app);
    objects.forEach((object) => this.#unlist(object));
    this.#apps.delete(app);
    return objects;
  }

  /** The objects of an application; none for an unknown one. */
  objectsOf(app: string): readonly TrackedObject[] {
    return [...(this.#apps.get(app)?.values() ?? [])];
  }

  /** The names of the applications that have objects set. */
  apps(): readonly string[] {
    return [...this.#apps.keys()];
  }

  /** Whether an object is still tracked. */
  has(object: TrackedObject): boolean {
    return this.#apps.get(object.app)?.get(keyOf(object.ref)) === object;
  }

  /** The kinds in use, by `apiVersion/kind`. */
  kinds(): ReadonlyMap<string, KindObjects> {
    return this.#kinds;
  }

  /** All objects of a kind. */
  objectsOfKind(kindId: string): readonly TrackedObject[] {
    return [...(this.#kinds.get(kindId)?.byName.values() ?? [])].flatMap((objects) => [...objects]);
  }

  /** The tracked objects that a live object is the counterpart of. A live object without a namespace is cluster-scoped, whatever ours says. */
  find(
    kindId: string,
    { namespace, name }: { readonly namespace?: string; readonly name: string },
  ): readonly TrackedObject[] {
    const objects = [...(this.#kinds.get(kindId)?.byName.get(name) ?? [])];
    return namespace === undefined ? objects : objects.filter(({ ref }) => ref.namespace === namespace);
  }

  #list(object: TrackedObject): void {
    const { apiVersion, kind, name } = object.ref;
    const id = kindIdOf(object.ref);
    const objects = this.#kinds.get(id) ?? { apiVersion, kind, byName: new Map<string, Set<TrackedObject>>() };
    this.#kinds.set(id, objects);
    objects.byName.set(name, (objects.byName.get(name) ?? new Set()).add(object));
  }

  #unlist(object: TrackedObject): void {
    const id = kindIdOf(object.ref);
    const objects = this.#kinds.get(id);
    const sameName = objects?.byName.get(object.ref.name);
    sameName?.delete(object);
    if (sameName?.size === 0) {
      objects?.byName.delete(object.ref.name);
    }
    if (objects?.byName.size === 0) {
      this.#kinds.delete(id);
    }
  }
}

/** What identifies a kind in one version: `apps/v1/Deployment`. */
export function kindIdOf({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): string {
  return `${apiVersion}/${kind}`;
}
