import { canonicalJson } from '../app/canonical-json.js';
import { clusterScopeOf } from '../app/cluster-scope.js';
import { keyOf, type ObjectKey, type ObjectRef } from '../app/manifest.js';
import { normalize } from './normalize.js';
import { describeOrigin, type LeftOut, type ReadObjects, type SourceObject } from './source-object.js';

/**
 * Takes each object once. Of one that is there several times the last counts, as it does for `kubectl apply` and Argo CD; where the others
 * are not the same, they are refused.
 * @param namespace that of objects that name none
 */
export function withoutRepetitions({ objects, skipped, refused }: ReadObjects, namespace: string): ReadObjects {
  const identify = identifier(objects, namespace);
  const last = new Map<ObjectKey, SourceObject>(objects.map((object) => [identify(object), object]));
  const again: LeftOut[] = [];
  const different: LeftOut[] = [];
  for (const object of objects) {
    const other = last.get(identify(object));
    if (other !== undefined && other !== object) {
      const { kind, metadata } = object.manifest;
      const where = describeOrigin(other.origin);
      if (isSame(object, other)) {
        again.push({
          origin: object.origin,
          reason: `${kind} ${metadata.name} is there again, and the same, in ${where}`,
        });
      } else {
        const reason = `${kind} ${metadata.name} is there again, and different, in ${where}, which was taken as the last one; remove one of them`;
        different.push({ origin: object.origin, reason });
      }
    }
  }
  return {
    objects: objects.filter((object) => last.get(identify(object)) === object),
    skipped: [...skipped, ...again],
    refused: [...refused, ...different],
  };
}

function identifier(objects: readonly SourceObject[], namespace: string): (object: SourceObject) => ObjectKey {
  const isClusterScoped = clusterScopeOf(objects.map(({ manifest }) => manifest));
  return ({ manifest: { apiVersion, kind, metadata } }) => {
    const ref: ObjectRef = { apiVersion, kind, name: metadata.name };
    return keyOf(isClusterScoped(ref) ? ref : { ...ref, namespace: metadata.namespace ?? namespace });
  };
}

function isSame(one: SourceObject, other: SourceObject): boolean {
  return canonicalJson(normalize(one.manifest)) === canonicalJson(normalize(other.manifest));
}
