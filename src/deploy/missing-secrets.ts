import * as pulumi from '@pulumi/pulumi';
import type { DeployApp } from '../app/deployment.js';
import { stackKeysIn } from '../app/sops-reference.js';
import { howToSet } from '../app/set-secret.js';
import { CONFIG_NAMESPACE } from './stack-config.js';

/**
 * Looks all secret values up before anything is registered, so that a missing one leaves the stack as it was.
 * @throws pulumi.RunError listing each missing key with the command that sets it
 */
export function requireSecrets(apps: readonly DeployApp[]): void {
  const config = new pulumi.Config(CONFIG_NAMESPACE);
  const missing = stackKeysIn(apps).filter((key) => config.get(key) === undefined);
  if (missing.length > 0) {
    const lines = missing.map((key) => `  secret ${CONFIG_NAMESPACE}:${key} is not set; set it with: ${howToSet(key)}`);
    throw new pulumi.RunError(`missing configuration:\n${lines.join('\n')}`);
  }
}
