import type * as pulumi from '@pulumi/pulumi';
import type { Manifest } from '../app/manifest.js';
import { namespaceResourceName } from '../app/resource-name.js';
import { track } from '../app/tracking.js';
import { KubernetesObject } from './kubernetes-object.js';
import type { SecretLookup } from './secret-inputs.js';

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

/** What {@link track} adds for the provider, without the label of one application. */
function withoutLabels(manifest: Manifest): Manifest {
  const { labels: _, ...metadata } = track(manifest, '').metadata;
  return { ...manifest, metadata };
}
