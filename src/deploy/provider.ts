import * as pulumi from '@pulumi/pulumi';
import { PROVIDER_NAME } from '../app/resource-name.js';
import { providerVersion } from './provider-version.js';

/**
 * The provider's inputs, as the class of `@pulumi/kubernetes` writes them: flags are JSON texts.
 *
 * `kubeconfig` is left out on purpose: the provider then finds the cluster in its surroundings, and the inputs are equal on every machine.
 * The class would put `$KUBECONFIG` in. `upsertExistingObjects` is left out as well: whoever wants to adopt objects sets
 * `PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true` for one run, which changes no input, so that the next preview shows nothing.
 */
const PROVIDER_INPUTS = {
  enableServerSideApply: 'true',
  enableConfigMapMutable: 'true',
  enableSecretMutable: 'true',
} as const;

/** Registers the explicit Kubernetes provider of the stack. */
export function createProvider(): pulumi.ProviderResource {
  return new KubernetesProvider();
}

class KubernetesProvider extends pulumi.ProviderResource {
  constructor() {
    super('kubernetes', PROVIDER_NAME, PROVIDER_INPUTS, { version: providerVersion() });
  }
}
