import type { DeployApp } from './deployment.js';

/** Namespaces that every cluster has; nobody creates or labels them. */
const BUILT_IN = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** The namespaces that a deployment creates for its applications, sorted, each once. An application that declares its own needs none. */
export function sharedNamespaces(apps: readonly DeployApp[]): string[] {
  const wanted = apps.filter((app) => app.createNamespace && !declaresNamespace(app)).map((app) => app.namespace);
  return [...new Set(wanted)].filter((namespace) => !BUILT_IN.has(namespace)).sort();
}

function declaresNamespace({ objects, namespace }: DeployApp): boolean {
  return objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
}
