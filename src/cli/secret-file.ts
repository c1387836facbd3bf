import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../base/errors.js';
import type { Logger } from '../base/logger.js';

/**
 * A file with one secret. What is returned reads it each time, so that a renewed secret is used without a restart; while the file is gone or
 * empty, as it may be for a moment while it is replaced, the secret known before then stays in use.
 * @param key names the setting in messages
 * @throws ConfigError `config/invalid` when the file cannot be read at first, or holds nothing
 */
export async function openSecretFile(path: string, key: string, logger: Logger): Promise<() => Promise<string>> {
  let known = await readSecret(path, key);
  return async () => {
    try {
      known = await readSecret(path, key);
    } catch (error) {
      logger.warn('a file with a secret cannot be used; the secret known before stays in use', {
        reason: messageOf(error),
      });
    }
    return known;
  };
}

async function readSecret(path: string, key: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError('config/invalid', `${key}: the file cannot be read: ${messageOf(error)}`);
  });
  const secret = text.trim();
  if (secret === '') {
    throw new ConfigError('config/invalid', `${key}: the file ${path} is empty`);
  }
  return secret;
}
