import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from '../base/errors.js';

/**
 * The text of a file that a setting names.
 * @param key names the setting in messages
 * @throws ConfigError `config/invalid` when it cannot be read
 */
export function readSettingFile(file: string, key: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError('config/invalid', `${key}: the file cannot be read: ${messageOf(error)}`);
  }
}
