import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from '../../base/errors.js';
import { addressClassOf, literalAddressOf } from './address-guard.js';
import type { RegistryCredentials } from './docker-config.js';

/** How one registry host is reached. */
export interface RegistryEndpoint {
  /** Such as `http://127.0.0.1:5000`. @default - https and the host */
  readonly url?: string;
  /** Reach it by plain http, so that logins and images can be read and changed on the way. @default false */
  readonly insecure?: boolean;
  /** @default - the Docker configuration file's entry for the host, else anonymous */
  readonly username?: string;
  readonly password?: string;
  /** The password, asked for whenever it is used, so that a renewed one is. @default - `password` */
  readonly readPassword?: () => Promise<string>;
  /** The path of a PEM file with a certificate authority to trust beside the usual ones. */
  readonly caFile?: string;
}

/** An endpoint with its files read. */
export interface ReadEndpoint {
  readonly url: URL;
  readonly login?: () => Promise<RegistryCredentials>;
  readonly ca?: string;
}

/**
 * Checks an endpoint's settings and reads its files.
 * @throws ConfigError `config/invalid` naming the setting
 */
export function readEndpoint(host: string, endpoint: RegistryEndpoint): ReadEndpoint {
  const { insecure = false, url = `${insecure ? 'http' : 'https'}://${host}`, caFile } = endpoint;
  const key = `registry.endpoints.${host}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'config/invalid',
      `${key}.url: "${url}" is not an http or https address, such as https://ghcr.io`,
    );
  }
  const parsed = new URL(url);
  if (parsed.protocol === 'http:' && !insecure && !isOnThisMachine(parsed.hostname)) {
    throw new ConfigError(
      'config/invalid',
      `${key}.url: ${parsed.origin} is plain http; use https, or say "insecure": true if everybody on the way may read and change it`,
    );
  }
  return {
    url: parsed,
    ...loginOf(endpoint),
    ...(caFile === undefined ? {} : { ca: readCa(`${key}.caFile`, caFile) }),
  };
}

function loginOf({ username = 'token', password, readPassword }: RegistryEndpoint): Pick<ReadEndpoint, 'login'> {
  const read = readPassword ?? (password === undefined ? undefined : () => Promise.resolve(password));
  return read === undefined ? {} : { login: async () => ({ username, password: await read() }) };
}

function isOnThisMachine(hostname: string): boolean {
  const literal = literalAddressOf(hostname);
  return hostname === 'localhost' || (literal !== undefined && addressClassOf(literal) === 'loopback');
}

function readCa(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError('config/invalid', `${key}: cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}
