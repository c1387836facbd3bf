import * as pulumi from '@pulumi/pulumi';
import type { StackDeployment, StackOutputs } from '../app/deployment.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { createApplication } from './application.js';
import { createNamespace } from './namespaces.js';
import { createProvider } from './provider.js';
import type { SecretLookup } from './secret-inputs.js';
import { CONFIG_NAMESPACE } from './stack-config.js';

/**
 * Registers the resources of a deployment in the Pulumi program that runs, and returns its outputs.
 * @param secret where secret values come from; the stack's configuration by default
 * @throws pulumi.RunError when a secret value is not set
 */
export function deployStack(
  deployment: StackDeployment,
  secret: SecretLookup = (key) => new pulumi.Config(CONFIG_NAMESPACE).requireSecret(key),
): StackOutputs {
  const provider = createProvider();
  const namespaces = new Map(
    sharedNamespaces(deployment.apps).map((name) => [name, createNamespace(name, { provider, secret })] as const),
  );
  for (const app of deployment.apps) {
    const namespace = namespaces.get(app.namespace);
    createApplication(app, { provider, secret, before: namespace === undefined ? [] : [namespace] });
  }
  return { images: deployment.images, fingerprints: deployment.fingerprints };
}
