import { describeKind, kindOf, parseTypeToken, type Kind, type ObjectName } from './kind.js';
import type { ApiResource } from './discovery.js';
import type { JsonObject } from './json.js';
import { annotationOf, manifestOf, nameIn, namespaceIn } from './manifest.js';
import { plainObjectOf } from './property-value.js';

/** A resource as a request of the engine names it. */
export interface ResourceRequest {
  readonly urn: string;
  /** The type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The inputs as the engine sent them, with secrets and unknown values marked. */
  readonly inputs: JsonObject;
}

/** The object that a resource stands for, before its place in the cluster is known. */
export interface Subject {
  readonly kind: Kind;
  /** The inputs without marks. */
  readonly plain: JsonObject;
  readonly manifest: JsonObject;
}

/** Reads the object out of a resource's inputs. */
export function subjectOf(request: Pick<ResourceRequest, 'type' | 'inputs'>): Subject {
  parseTypeToken(request.type);
  const plain = plainObjectOf(request.inputs);
  const kind = kindOf(plain, request.type);
  return { kind, plain, manifest: manifestOf(plain, kind) };
}

/** The object's name in the cluster; the namespace is left out for kinds that have none. */
export function placeOf(
  manifest: JsonObject,
  resource: ApiResource,
  fallback: ObjectName | undefined,
  namespace: string,
): ObjectName {
  const name = nameIn(manifest) ?? fallback?.name ?? '';
  return resource.namespaced
    ? { namespace: namespaceIn(manifest) ?? fallback?.namespace ?? namespace, name }
    : { name };
}

/** How messages call an object: `Deployment (apps/v1) "prodesk/a"`. */
export function describeObject(kind: Kind, name: ObjectName): string {
  return `${describeKind(kind)} "${name.namespace === undefined ? '' : `${name.namespace}/`}${name.name}"`;
}

/** Whether an object takes over fields of other managers. */
export function isForced(manifest: JsonObject, byProvider: boolean): boolean {
  const choice = annotationOf(manifest, 'pulumi.com/patchForce');
  return choice === undefined ? byProvider : choice === 'true';
}
