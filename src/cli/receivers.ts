import { ConfigError } from '../base/errors.js';
import type { Receiver } from '../notify/receiver.js';
import type { DriverConfig } from './driver-config.js';
import { readSettingFile } from './setting-file.js';

/** As for webhooks: what is shorter could be guessed. */
const SHORTEST_SECRET = 16;

/**
 * The receivers of notifications with what their files hold.
 * @throws ConfigError `config/invalid` naming the setting and its file; never what is in it
 */
export function readReceivers({ notifications }: Pick<DriverConfig, 'notifications'>): Receiver[] {
  return Object.entries(notifications).map(([name, { type, urlFile, secretFile, tokenFile, apps, events }]) => {
    const key = `notifications.${name}`;
    const secret = secretFile === undefined ? undefined : readCredential(`${key}.secretFile`, secretFile);
    if (secret !== undefined && secret.length < SHORTEST_SECRET) {
      const problem = `a secret has at least ${SHORTEST_SECRET} characters`;
      throw new ConfigError('config/invalid', `${key}.secretFile (${secretFile}): ${problem}`);
    }
    return {
      name,
      type,
      url: readUrl(`${key}.urlFile`, urlFile),
      ...(secret !== undefined && { secret }),
      ...(tokenFile !== undefined && { token: readCredential(`${key}.tokenFile`, tokenFile) }),
      ...(apps && { apps }),
      ...(events && { events }),
    };
  });
}

function readUrl(key: string, file: string): URL {
  const text = readCredential(key, file);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ConfigError('config/invalid', `${key} (${file}): the file holds no http or https address`);
  }
  return url;
}

function readCredential(key: string, file: string): string {
  const text = readSettingFile(file, key).trim();
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new ConfigError(
      'config/invalid',
      `${key} (${file}): the file holds one line of printable characters, and nothing else`,
    );
  }
  return text;
}
