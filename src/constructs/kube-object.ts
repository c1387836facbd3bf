import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Json, Manifest } from '../app/index.js';
import { applyMerge, type MergePatch } from './merge-patch.js';

/** A generated class of one kind. */
export interface Kind<Body extends object> {
  manifest(body: Body): unknown;
}

/** One step of a JSON patch. @see https://www.rfc-editor.org/rfc/rfc6902 */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A construct that makes one object, which `patch` and `patchJson` can change. */
export interface HasObject<Body extends object> {
  readonly object: KubeObject<Body>;
}

type Change = (manifest: Manifest) => Manifest;

/**
 * One Kubernetes object, rendered from typed fields. Patches come after the rendering, so they may also write fields that the types do
 * not know.
 */
export class KubeObject<Body extends object> extends ApiObject {
  readonly #rendered: Manifest;
  readonly #changes: Change[] = [];

  constructor(scope: Construct, id: string, kind: Kind<Body>, body: Body) {
    const rendered = kind.manifest(body) as Manifest;
    const { apiVersion, kind: kindName, metadata } = rendered;
    super(scope, id, { apiVersion, kind: kindName, metadata: { name: metadata.name } });
    this.#rendered = rendered;
  }

  /** Lays fields over the object; `null` takes one away, and a list replaces the whole list. */
  merge(patch: MergePatch<Body>): void {
    this.#change((manifest) => applyMerge(manifest, patch) as Manifest);
  }

  /** Adds annotations to the object. */
  annotate(annotations: Readonly<Record<string, string>>): void {
    this.#change((manifest) => applyMerge(manifest, { metadata: { annotations } }) as Manifest);
  }

  override addJsonPatch(...operations: JsonPatch[]): void {
    this.#change((manifest) => JsonPatch.apply(manifest, ...operations) as Manifest);
  }

  override toJson(): Manifest {
    return this.#changes.reduce((manifest, change) => change(manifest), structuredClone(this.#rendered));
  }

  /** It is tried at once, so that a failure points to the line that asked for it. */
  #change(change: Change): void {
    try {
      change(this.toJson());
    } catch (error) {
      const { message } = error as Error;
      throw new RangeError(`patch does not fit ${this.kind} "${this.name}": ${message.split('\n')[0] ?? ''}`);
    }
    this.#changes.push(change);
  }
}
