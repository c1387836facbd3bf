import { ConfigError } from '../base/errors.js';
import type { WebhookSource } from '../server/webhooks/routes.js';
import { type DriverConfig, variableOf } from './driver-config.js';
import { readSettingFile } from './setting-file.js';

type WebhookConfig = Pick<DriverConfig, 'gitWebhookSecretFile' | 'registryWebhookSecretFile'>;

/** What opens each source's webhook; nothing where there is none. */
export type WebhookSecrets = Readonly<Record<WebhookSource, readonly string[]>>;

const SHORTEST = 16;

const SETTINGS = {
  git: { key: 'gitWebhookSecretFile', variable: 'PRODESK_GIT_WEBHOOK_SECRET' },
  registry: { key: 'registryWebhookSecretFile', variable: 'PRODESK_REGISTRY_WEBHOOK_SECRET' },
} as const;

/**
 * The secrets of the webhooks, from their files or else from the environment: one a line, so that a new one can be added before the old
 * one goes.
 * @throws ConfigError `config/invalid` when a file cannot be read, or a secret could be guessed
 */
export function webhookSecrets(config: WebhookConfig, env: NodeJS.ProcessEnv): WebhookSecrets {
  return { git: secretsOf('git', config, env), registry: secretsOf('registry', config, env) };
}

function secretsOf(source: WebhookSource, config: WebhookConfig, env: NodeJS.ProcessEnv): string[] {
  const { key, variable } = SETTINGS[source];
  const file = config[key];
  const secrets = (file === undefined ? (env[variable] ?? '') : readSettingFile(file, key))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const origin = file === undefined ? variable : `${key} (${file})`;
  if (file !== undefined && secrets.length === 0) {
    throw new ConfigError(
      'config/invalid',
      `${origin}: the file is empty; leave ${variableOf(key)} out for no webhooks`,
    );
  }
  if (secrets.some((secret) => secret.length < SHORTEST)) {
    throw new ConfigError('config/invalid', `${origin}: a webhook's secret has at least ${SHORTEST} characters`);
  }
  return secrets;
}
