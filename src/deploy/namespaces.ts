import type * as pulumi from '@pulumi/pulumi';
import type { DeployApp } from '../app/deployment.js';
import type { Manifest } from '../app/manifest.js';
import { namespaceResourceName } from '../app/resource-name.js';
import { track } from '../app/tracking.js';
import { KubernetesObject } from './kubernetes-object.js';
import type { SecretLookup } from './secret-inputs.js';

/** Namespaces that every cluster has; nobody creates or labels them. */
const BUILT_IN = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** The namespaces that the applications want to be created, sorted, each once. */
export function sharedNamespaces(apps: readonly DeployApp[]): string[] {
  const wanted = apps.filter((app) => app.createNamespace && !declaresNamespace(app)).map((app) => app.namespace);
  return [...new Set(wanted)].filter((namespace) => !BUILT_IN.has(namespace)).sort();
}

/** Registers a namespace that applications share. It is never deleted from the cluster: it may hold what we do not know. */
export function createNamespace(
  namespace: string,
  options: { readonly provider: pulumi.ProviderResource; readonly secret: SecretLookup },
): pulumi.Resource {
  const manifest: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  return new KubernetesObject(namespaceResourceName(namespace), withoutLabels(manifest), {
    ...options,
    retainOnDelete: true,
  });
}

function declaresNamespace({ objects, namespace }: DeployApp): boolean {
  return objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
}

/** What {@link track} adds for the provider, without the label of one application. */
function withoutLabels(manifest: Manifest): Manifest {
  const { labels: _, ...metadata } = track(manifest, '').metadata;
  return { ...manifest, metadata };
}
