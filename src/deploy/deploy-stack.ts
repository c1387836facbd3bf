import * as pulumi from '@pulumi/pulumi';
import type { StackDeployment, StackOutputs } from '../app/deployment.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { createApplication } from './application.js';
import { requireSecrets } from './missing-secrets.js';
import { createNamespace } from './namespaces.js';
import { createProvider } from './provider.js';
import type { SecretLookup } from './secret-inputs.js';
import { CONFIG_NAMESPACE } from './stack-config.js';

/**
 * Registers the resources of a deployment in the Pulumi program that runs, and returns its outputs. Secret values come from the stack's
 * configuration.
 * @throws pulumi.RunError listing the secret values that are not set; nothing is registered then
 */
export function deployStack(deployment: StackDeployment): StackOutputs {
  requireSecrets(deployment.apps);
  const config = new pulumi.Config(CONFIG_NAMESPACE);
  const secret: SecretLookup = (key) => config.requireSecret(key);
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
