import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '../../base/errors.js';
import { dockerConfigSchema } from './schema.js';

/** A user and a password or token. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a Docker configuration says of logins. Hosts are such as `ghcr.io`; Docker Hub is `registry-1.docker.io`. */
export interface DockerLogins {
  readonly logins: ReadonlyMap<string, RegistryCredentials>;
  /** Names of credential helpers by host: `ecr-login` is the program `docker-credential-ecr-login`. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The credential helper of all other hosts. */
  readonly store?: string;
}

const NO_LOGINS: DockerLogins = { logins: new Map(), helpers: new Map() };

const DOCKER_HUB = 'registry-1.docker.io';
const DOCKER_HUB_NAMES = new Set(['docker.io', 'index.docker.io', 'registry.hub.docker.com']);

/**
 * Reads Docker's `config.json`, or the value of a `kubernetes.io/dockerconfigjson` pull secret. Hosts may be written as URLs, credentials
 * as `username` and `password` or as `auth`. Entries without a credential are left out: a credential helper keeps it.
 * @param source names the text in errors, such as its path
 * @throws ConfigError `config/invalid`; its message does not hold the text
 */
export function parseDockerConfigJson(text: string, source: string): DockerLogins {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError(
      'config/invalid',
      `${source} is not JSON; it should look like {"auths": {"ghcr.io": {"auth": "…"}}}`,
    );
  }
  const parsed = dockerConfigSchema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole text');
    throw new ConfigError(
      'config/invalid',
      `${source} is not a Docker configuration: wrong type at ${places.join(', ')}`,
    );
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  const logins = new Map<string, RegistryCredentials>();
  for (const [name, entry] of Object.entries(auths)) {
    const credentials = credentialsOf(entry);
    if (credentials !== undefined) {
      logins.set(registryHostOf(name), credentials);
    }
  }
  const helpers = new Map(Object.entries(credHelpers).map(([name, helper]) => [registryHostOf(name), helper]));
  return { logins, helpers, ...(credsStore ? { store: credsStore } : {}) };
}

/**
 * The login for a host in a text that somebody else wrote: a Docker configuration, or `user:password`. Credential helpers in it are not run.
 * @throws ConfigError `config/invalid`; its message does not hold the text
 */
export function loginOfText(text: string, host: string, source: string): RegistryCredentials | undefined {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  return trimmed.startsWith('{') || colon < 1
    ? parseDockerConfigJson(trimmed, source).logins.get(host)
    : { username: trimmed.slice(0, colon), password: trimmed.slice(colon + 1) };
}

/** The registry host of a name in `auths`: without scheme and path, in lower case, with Docker Hub's names made one. */
export function registryHostOf(name: string): string {
  const host = name
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  return DOCKER_HUB_NAMES.has(host) ? DOCKER_HUB : host;
}

/**
 * Reads a file now, and again whenever it has changed, so that a renewed token is used without a restart. A missing file holds no credentials.
 * @param onProblem is told why a changed file cannot be used; the credentials known before then stay in use
 * @throws ConfigError `config/invalid` when the file cannot be used at first
 */
export function dockerConfigFileReader(path: string, onProblem: (error: unknown) => void): () => DockerLogins {
  let stamp = '';
  let known = NO_LOGINS;
  const refresh = (): void => {
    const seen = stampOf(path);
    if (seen !== stamp) {
      stamp = seen;
      known = seen === '' ? NO_LOGINS : parseDockerConfigJson(readFileSync(path, 'utf8'), path);
    }
  };
  refresh();
  return () => {
    try {
      refresh();
    } catch (error) {
      onProblem(error);
    }
    return known;
  };
}

function stampOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? '' : `${status.mtimeMs} ${status.size} ${status.ino}`;
}

function credentialsOf(entry: {
  username?: string | undefined;
  password?: string | undefined;
  auth?: string | undefined;
}): RegistryCredentials | undefined {
  if (entry.username !== undefined && entry.password !== undefined) {
    return { username: entry.username, password: entry.password };
  }
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  return colon < 1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
