import * as pulumi from '@pulumi/pulumi';
import { withConfigHashes } from '../app/config-hash.js';
import type { DeployApp, StackDeployment, StackOutputs } from '../app/deployment.js';
import { secretKeysIn } from '../app/secret-marker.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { createApplication, type StackContext } from './application.js';
import { requireSecrets } from './missing-secrets.js';
import { createNamespace } from './namespaces.js';
import { createProvider } from './provider.js';
import { settled, type Registration } from './registration.js';
import { toRunError } from './run-error.js';
import type { SecretLookup } from './secret-inputs.js';
import { CONFIG_NAMESPACE } from './stack-config.js';

/**
 * Registers the resources of a deployment in the Pulumi program that runs, and returns its outputs. Secret values come from the stack's
 * configuration.
 * @throws pulumi.RunError listing the secret values that are not set, when nothing is registered; or when the provider cannot be used
 */
export async function deployStack(deployment: StackDeployment): Promise<StackOutputs> {
  requireSecrets(deployment.apps);
  const config = new pulumi.Config(CONFIG_NAMESPACE);
  const apps = withHashes(deployment.apps, config);
  const secret: SecretLookup = (key) => config.requireSecret(key);
  const provider = createProvider();
  if ((await settled(provider)).failed) {
    throw new pulumi.RunError('the Kubernetes provider cannot be used; nothing was deployed');
  }
  const namespaces = await createNamespaces(sharedNamespaces(apps), { provider, secret });
  await Promise.all(
    apps.map((app) => {
      const namespace = namespaces.get(app.namespace);
      return createApplication(app, { provider, secret, before: namespace === undefined ? [] : [namespace] });
    }),
  );
  return { images: deployment.images, fingerprints: deployment.fingerprints };
}

/** A hash is no secret, so that a change of it shows in a preview. */
function withHashes(apps: readonly DeployApp[], config: pulumi.Config): readonly DeployApp[] {
  const values = Object.fromEntries(secretKeysIn(apps).map((key) => [key, config.require(key)]));
  try {
    return apps.map((app) => ({ ...app, objects: withConfigHashes(app.objects, values) }));
  } catch (error) {
    return toRunError(error);
  }
}

async function createNamespaces(
  names: readonly string[],
  context: Pick<StackContext, 'provider' | 'secret'>,
): Promise<ReadonlyMap<string, Registration>> {
  const created = names.map(async (name) => [name, await settled(createNamespace(name, context))] as const);
  return new Map(await Promise.all(created));
}
