import * as pulumi from '@pulumi/pulumi';
import { withConfigHashes } from '../app/config-hash.js';
import type { DeployApp, StackDeployment, StackOutputs } from '../app/deployment.js';
import type { SecretFiles } from '../app/secret-files.js';
import { stackKeysIn } from '../app/sops-reference.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { createApplication, type StackContext } from './application.js';
import { requireSecrets } from './missing-secrets.js';
import { createNamespace } from './namespaces.js';
import { createProvider } from './provider.js';
import { settled, type Registration } from './registration.js';
import { toRunError } from './run-error.js';
import type { SecretLookup } from './secret-inputs.js';
import { CONFIG_NAMESPACE } from './stack-config.js';

/** What {@link deployStack} needs beside the deployment. */
export interface DeployOptions {
  readonly files: SecretFiles;
  /** Told the secret values before anything is registered, so that they can be kept out of messages. */
  readonly onSecrets?: (values: readonly string[]) => void;
}

/**
 * Registers the resources of a deployment in the Pulumi program that runs, and returns its outputs. Secret values come from the stack's
 * configuration and from the applications' encrypted files.
 * @throws pulumi.RunError listing the secret values that are not set, or naming the file that cannot be decrypted, when nothing is registered; or
 * when the provider cannot be used
 */
export async function deployStack(
  deployment: StackDeployment,
  { files, onSecrets }: DeployOptions,
): Promise<StackOutputs> {
  requireSecrets(deployment.apps);
  const values = await secretValues(deployment.apps, files).catch(toRunError);
  onSecrets?.(Object.values(values));
  const apps = withHashes(deployment.apps, values);
  const secret: SecretLookup = (key) => pulumi.secret(values[key] ?? '');
  const provider = createProvider();
  if ((await settled(provider)).failed) {
    throw new pulumi.RunError('the Kubernetes provider cannot be used; nothing was deployed');
  }
  const namespaces = await createNamespaces(sharedNamespaces(apps), { provider, secret });
  await Promise.all(
    apps.map((app) => {
      const namespace = namespaces.get(app.namespace);
      return createApplication(app, { provider, secret, namespace: namespace === undefined ? [] : [namespace] });
    }),
  );
  return { images: deployment.images, fingerprints: deployment.fingerprints };
}

/** Every secret value that the applications use, by the key of its marker. */
async function secretValues(apps: readonly DeployApp[], files: SecretFiles): Promise<Record<string, string>> {
  const config = new pulumi.Config(CONFIG_NAMESPACE);
  const fromStack = stackKeysIn(apps).map((key) => [key, config.require(key)] as const);
  const fromFiles = await Promise.all(apps.map(async (app) => Object.entries(await files.valuesOf(app))));
  return Object.fromEntries([...fromStack, ...fromFiles.flat()]);
}

/** A hash is no secret, so that a change of it shows in a preview. */
function withHashes(apps: readonly DeployApp[], values: Readonly<Record<string, string>>): readonly DeployApp[] {
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
