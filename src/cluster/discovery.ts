import type { Clock } from '../base/clock.js';
import type { ObjectRef } from '../app/manifest.js';
import type { KubeClient } from './client.js';
import { fieldOf, itemsAt, textAt } from './kube-object.js';

/** An API version that lacked a kind is asked again at most this often. */
const MISS_INTERVAL_MS = 800;

/** How the API server serves a kind. */
export interface ResourceType {
  /** The path of all objects of the kind in all namespaces: `/apis/apps/v1/deployments`. */
  readonly path: string;
  readonly isNamespaced: boolean;
}

/** Says where a kind is served. */
export interface Discovery {
  /**
   * Where a kind is served; undefined when the API server does not have it.
   * @throws ProdeskError as the client does
   */
  find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ResourceType | undefined>;
  /** Forgets an API version, because the API server turned out not to serve it any more. */
  forget(apiVersion: string): void;
}

interface CachedVersion {
  readonly askedAt: number;
  readonly kinds: ReadonlyMap<string, ResourceType>;
}

/** Discovery with a cache per API version. A kind that is not in the cache is asked for again, but not more often than about every second. */
export function createDiscovery(client: KubeClient, clock: Clock, missIntervalMs = MISS_INTERVAL_MS): Discovery {
  const versions = new Map<string, CachedVersion>();
  return {
    async find(apiVersion, kind, signal) {
      const cached = versions.get(apiVersion);
      const known = cached?.kinds.get(kind);
      if (known !== undefined || (cached !== undefined && clock.now() - cached.askedAt < missIntervalMs)) {
        return known;
      }
      const root = rootOf(apiVersion);
      const kinds = kindsOf(await client.read(root, signal), root);
      versions.set(apiVersion, { askedAt: clock.now(), kinds });
      return kinds.get(kind);
    },
    forget(apiVersion) {
      versions.delete(apiVersion);
    },
  };
}

/** The path of one object of a kind. A namespace is left out for cluster-scoped kinds. */
export function objectPath(type: ResourceType, ref: Pick<ObjectRef, 'namespace' | 'name'>): string {
  return `${collectionPath(type, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

/** The path of all objects of a kind in one namespace, or in the whole cluster. */
export function collectionPath(type: ResourceType, namespace: string | undefined): string {
  if (!type.isNamespaced || namespace === undefined) {
    return type.path;
  }
  const slash = type.path.lastIndexOf('/');
  return `${type.path.slice(0, slash)}/namespaces/${encodeURIComponent(namespace)}${type.path.slice(slash)}`;
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function kindsOf(document: unknown, root: string): ReadonlyMap<string, ResourceType> {
  const kinds = new Map<string, ResourceType>();
  for (const resource of itemsAt(document, 'resources')) {
    const [name, kind] = [textAt(resource, 'name'), textAt(resource, 'kind')];
    if (name !== undefined && kind !== undefined && !name.includes('/')) {
      kinds.set(kind, { path: `${root}/${name}`, isNamespaced: fieldOf(resource, 'namespaced') === true });
    }
  }
  return kinds;
}
