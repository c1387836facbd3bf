import { ConfigError } from '../../base/errors.js';

/** The prefix of this project's stack-config keys. */
export const PREFIX = 'prodesk:';
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The stack-config key of a secret, without `prodesk:`: `<application>.<key>`, or the key alone for one of the whole stack.
 * @throws ConfigError `config/invalid` when it cannot be one
 */
export function secretKeyOf(key: string, app?: string): string {
  const bare = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
  const full = app === undefined ? bare : `${app}.${bare}`;
  if (!KEY.test(bare) || !KEY.test(full)) {
    throw new ConfigError('config/invalid', `a secret's name has letters, digits, ".", "_" and "-" only: "${full}"`);
  }
  return full;
}

/** The nearest name that a secret may have; `.dockerconfigjson` loses its dot. */
export function nearestName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
}
