import { repositoryOf } from '../../app/image.js';
import type { Clock } from '../../base/clock.js';
import { messageOf, StalledError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { machineLookup } from './address-guard.js';
import type { Lookup } from './address-guard.js';
import { createBuildFiles } from './build-files.js';
import { readBuild } from './builds.js';
import { createHelperClient } from './credential-helper.js';
import { dockerConfigFileReader, registryHostOf } from './docker-config.js';
import { readEndpoint } from './endpoint.js';
import type { RegistryEndpoint } from './endpoint.js';
import { findLogin } from './find-login.js';
import { createHosts } from './hosts.js';
import type { Hosts } from './hosts.js';
import { LruCache } from './lru-cache.js';
import type { ImageBuild, Registry } from './port.js';
import { signatureCheck } from './signature/public-key.js';
import { verifyImage } from './signature/verify-image.js';
import { readTags } from './tags.js';
import type { TagPage } from './tags.js';

/** Settings of {@link createRegistry}. */
export interface RegistryOptions {
  /** By host as images name it, such as `ghcr.io`. Other hosts are reached by https. */
  readonly endpoints?: Readonly<Record<string, RegistryEndpoint>>;
  /** The path of a Docker `config.json` with credentials; read again when it changes. */
  readonly dockerConfigFile?: string;
  /** The environment of the credential helpers that the Docker configuration names. @default - they are not run */
  readonly helperEnvironment?: NodeJS.ProcessEnv;
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

const HELPER_TIMEOUT_MS = 10_000;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/**
 * A client of OCI registries: at most four requests at a time to each host; tokens are cached, and what was learned of builds is kept.
 * @throws ConfigError `config/invalid` when an endpoint's address or CA file cannot be used
 */
export function createRegistry(options: RegistryOptions): Registry {
  const { logger, clock, buildsDirectory: directory } = options;
  const hosts = composeHosts(options);
  const pages = new LruCache<TagPage>(500);
  const verified = new LruCache<true>(1000);
  const files = createBuildFiles({ clock, logger, ...(directory !== undefined && { directory }) });

  return {
    async listTags(image, { login, signal } = {}) {
      const { host, repository } = locate(image);
      try {
        const list = await readTags({ client: hosts.clientOf(host, login), pages }, repository, signal);
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
    async describe(image, tag, { platforms, remembered = false, login, signal }) {
      const { host, repository } = locate(image);
      const memory = await files.open(`${host}/${repository}`);
      const reader = { client: hosts.clientOf(host, login), memory, clock, logger };
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
    async verify(image, digest, { publicKeys, login, signal }) {
      const { host, repository } = locate(image);
      const fits = signatureCheck(publicKeys);
      const key = `${host}/${repository}@${digest} ${publicKeys}`;
      if (verified.get(key) === true) {
        return { kind: 'verified' };
      }
      const result = await verifyImage({ client: hosts.clientOf(host, login), repository, digest, fits, signal });
      if (result.kind === 'verified') {
        verified.set(key, true);
      }
      return result;
    },
    async close() {
      await files.close();
      await hosts.close();
    },
  };
}

function composeHosts(options: RegistryOptions): Hosts {
  const { timeoutMs, userAgent, clock, logger, resolve = machineLookup } = options;
  const { dockerConfigFile, helperEnvironment: environment } = options;
  const dockerLogins =
    dockerConfigFile === undefined
      ? undefined
      : dockerConfigFileReader(dockerConfigFile, (error) =>
          logger.warn('the Docker configuration file cannot be used', { reason: messageOf(error) }),
        );
  const askHelper =
    environment === undefined ? undefined : createHelperClient({ environment, timeoutMs: HELPER_TIMEOUT_MS, clock });
  const configured = new Map(
    Object.entries(options.endpoints ?? {}).map(([host, endpoint]) => [
      registryHostOf(host),
      readEndpoint(host, endpoint),
    ]),
  );
  return createHosts({
    endpointOf: (host) => configured.get(host) ?? readEndpoint(host, {}),
    async loginOf(host) {
      const own = await configured.get(host)?.login?.();
      return own ?? (dockerLogins === undefined ? undefined : findLogin(dockerLogins(), host, askHelper));
    },
    timeoutMs,
    userAgent,
    clock,
    resolve,
  });
}

function locate(image: string): { host: string; repository: string } {
  const { host, repository } = repositoryOf(image);
  if (!REPOSITORY.test(repository) || !/^[\w.-]+(?::\d+)?$/.test(host)) {
    throw new StalledError('registry/invalid', `"${image.slice(0, 200)}" is not the name of an image without a tag`);
  }
  return { host, repository };
}
