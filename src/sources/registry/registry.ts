import { readFileSync } from 'node:fs';
import { repositoryOf } from '../../app/image.js';
import type { Clock } from '../../base/clock.js';
import { ConfigError, messageOf, StalledError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { machineLookup } from './address-guard.js';
import type { Lookup } from './address-guard.js';
import { createAuthenticator } from './authenticator.js';
import { createBuildFiles } from './build-files.js';
import { readBuild } from './builds.js';
import { dockerConfigFileReader, registryHostOf } from './docker-config.js';
import type { RegistryCredentials } from './docker-config.js';
import { createHostClient } from './host-client.js';
import type { HostClient } from './host-client.js';
import { createLimiter } from './limiter.js';
import { LruCache } from './lru-cache.js';
import type { ImageBuild, Registry } from './port.js';
import { readTags } from './tags.js';
import type { TagPage } from './tags.js';
import { createTransport } from './transport.js';
import type { Transport } from './transport.js';

/** How one registry host is reached. */
export interface RegistryEndpoint {
  /** Such as `http://127.0.0.1:5000`. @default - https and the host */
  readonly url?: string;
  /** @default - the Docker configuration file's entry for the host, else anonymous */
  readonly username?: string;
  readonly password?: string;
  /** The path of a PEM file with a certificate authority to trust beside the usual ones. */
  readonly caFile?: string;
}

/** Settings of {@link createRegistry}. */
export interface RegistryOptions {
  /** By host as images name it, such as `ghcr.io`. Other hosts are reached by https. */
  readonly endpoints?: Readonly<Record<string, RegistryEndpoint>>;
  /** The path of a Docker `config.json` with credentials; read again when it changes. */
  readonly dockerConfigFile?: string;
  /** A folder in which what was learned of builds outlives the process. @default - it does not */
  readonly buildsDirectory?: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves host names. @default - the machine's resolver */
  readonly resolve?: Lookup;
}

interface Host {
  readonly client: HostClient;
  readonly transport: Transport;
}

const REQUESTS_PER_HOST = 4;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/**
 * A client of OCI registries: at most four requests at a time to each host, tokens and builds cached.
 * @throws ConfigError `config/invalid` when an endpoint's address or CA file cannot be used
 */
export function createRegistry(options: RegistryOptions): Registry {
  const hosts = new Map<string, Host>();
  const { dockerConfigFile, logger } = options;
  const fileCredentials =
    dockerConfigFile === undefined
      ? undefined
      : dockerConfigFileReader(dockerConfigFile, (error) =>
          logger.warn('the Docker configuration file cannot be used', { reason: messageOf(error) }),
        );
  const pages = new LruCache<TagPage>(500);
  const { buildsDirectory: directory, clock } = options;
  const files = createBuildFiles({ clock, logger, ...(directory !== undefined && { directory }) });
  const configured = new Map(
    Object.entries(options.endpoints ?? {}).map(([host, endpoint]) => [
      registryHostOf(host),
      readEndpoint(host, endpoint),
    ]),
  );
  const hostOf = (host: string): Host => {
    const known = hosts.get(host);
    if (known !== undefined) {
      return known;
    }
    const endpoint = configured.get(host) ?? readEndpoint(host, {});
    const made = createHost(options, endpoint, () => endpoint.login ?? fileCredentials?.().get(host));
    hosts.set(host, made);
    return made;
  };

  return {
    async listTags(image, signal) {
      const { host, repository } = locate(image);
      try {
        const list = await readTags({ client: hostOf(host).client, pages }, repository, signal);
        if (list.kind === 'found') {
          const memory = await files.open(`${host}/${repository}`);
          memory.retain(list.tags);
          files.changed(memory);
        }
        return list;
      } catch (error) {
        if (error instanceof StalledError && error.code === 'registry/denied') {
          return { kind: 'denied', message: messageOf(error) };
        }
        throw error;
      }
    },
    async describe(image, tag, { platforms, remembered = false }, signal) {
      const { host, repository } = locate(image);
      const memory = await files.open(`${host}/${repository}`);
      const reader = { client: hostOf(host).client, memory, clock, logger };
      let first: ImageBuild | undefined;
      for (const platform of platforms) {
        const build = await readBuild(reader, { repository, tag, platform, remembered, signal });
        files.changed(memory);
        if (build === undefined) {
          return undefined;
        }
        first ??= build;
      }
      return first;
    },
    async close() {
      await files.close();
      await Promise.all([...hosts.values()].map(({ transport }) => transport.close()));
      hosts.clear();
    },
  };
}

interface ReadEndpoint {
  readonly url: URL;
  readonly login?: RegistryCredentials;
  readonly ca?: string;
}

function readEndpoint(
  host: string,
  { url = `https://${host}`, username, password, caFile }: RegistryEndpoint,
): ReadEndpoint {
  const key = `registry.endpoints.${host}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'config/invalid',
      `${key}.url: "${url}" is not an http or https address, such as https://ghcr.io`,
    );
  }
  return {
    url: new URL(url),
    ...(password === undefined ? {} : { login: { username: username ?? 'token', password } }),
    ...(caFile === undefined ? {} : { ca: readCa(`${key}.caFile`, caFile) }),
  };
}

function readCa(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError('config/invalid', `${key}: cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function createHost(
  options: RegistryOptions,
  endpoint: ReadEndpoint,
  credentials: () => RegistryCredentials | undefined,
): Host {
  const { clock, timeoutMs, userAgent, resolve = machineLookup } = options;
  const transport = createTransport({
    endpoint: endpoint.url,
    timeoutMs,
    userAgent,
    clock,
    resolve,
    ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
  });
  const authenticator = createAuthenticator({ transport, credentials, clock });
  const limiter = createLimiter(REQUESTS_PER_HOST);
  return { client: createHostClient({ endpoint: endpoint.url, transport, authenticator, limiter, clock }), transport };
}

function locate(image: string): { host: string; repository: string } {
  const { host, repository } = repositoryOf(image);
  if (!REPOSITORY.test(repository) || !/^[\w.-]+(?::\d+)?$/.test(host)) {
    throw new StalledError('registry/invalid', `"${image.slice(0, 200)}" is not the name of an image without a tag`);
  }
  return { host, repository };
}
