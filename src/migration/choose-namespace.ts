import { DNS_LABEL, keepsTo } from '../app/checks/name-rules.js';
import type { Manifest } from '../app/manifest.js';
import { clusterScopeOf } from '../app/cluster-scope.js';

/** The namespace of most objects; `default` where none names one. A Namespace object counts for its own name. */
export function chooseNamespace(manifests: readonly Manifest[]): string {
  const isClusterScoped = clusterScopeOf(manifests);
  const votes = new Map<string, number>();
  const vote = (namespace: string | undefined): void => {
    /** `${NAMESPACE}`, which some tool would replace, is no name. */
    if (namespace !== undefined && keepsTo(DNS_LABEL, namespace)) {
      votes.set(namespace, (votes.get(namespace) ?? 0) + 1);
    }
  };
  for (const manifest of manifests) {
    if (!isClusterScoped(manifest)) {
      vote(manifest.metadata.namespace);
    }
  }
  if (votes.size === 0) {
    manifests.filter(({ kind }) => kind === 'Namespace').forEach(({ metadata }) => vote(metadata.name));
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? 'default';
}
