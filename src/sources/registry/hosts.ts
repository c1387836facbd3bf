import type { Clock } from '../../base/clock.js';
import { StalledError } from '../../base/errors.js';
import type { Lookup } from './address-guard.js';
import { createAuthenticator } from './authenticator.js';
import type { RegistryCredentials } from './docker-config.js';
import { loginOfText } from './docker-config.js';
import type { ReadEndpoint } from './endpoint.js';
import { createHostClient } from './host-client.js';
import type { HostClient } from './host-client.js';
import type { Limiter } from './limiter.js';
import { createLimiter } from './limiter.js';
import type { GivenLogin } from './port.js';
import { createTransport } from './transport.js';
import type { Transport } from './transport.js';

/** Settings of {@link createHosts}. */
export interface HostsOptions {
  readonly endpointOf: (host: string) => ReadEndpoint;
  /** The daemon's own login for a host. */
  readonly loginOf: (host: string) => Promise<RegistryCredentials | undefined>;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly resolve: Lookup;
}

/** The clients of all registries that were asked so far. */
export interface Hosts {
  /** @throws StalledError `registry/denied` when the given login cannot be used */
  clientOf(host: string, login?: GivenLogin): HostClient;
  close(): Promise<void>;
}

/** One registry: connections are shared, tokens are kept apart by login. */
interface Host {
  readonly endpoint: ReadEndpoint;
  readonly transport: Transport;
  readonly limiter: Limiter;
  readonly clients: Map<string, HostClient>;
  /** The latest content of given logins. */
  readonly given: Map<string, RegistryCredentials | undefined>;
}

const REQUESTS_PER_HOST = 4;
const OWN = '';

/** Makes clients when they are first needed: at most four requests at a time to each host. */
export function createHosts(options: HostsOptions): Hosts {
  const { endpointOf, loginOf, clock, ...transportOptions } = options;
  const hosts = new Map<string, Host>();

  const open = (name: string): Host => {
    const endpoint = endpointOf(name);
    const { url, ca } = endpoint;
    const transport = createTransport({
      ...transportOptions,
      clock,
      endpoint: url,
      ...(ca === undefined ? {} : { ca }),
    });
    const host = {
      endpoint,
      transport,
      limiter: createLimiter(REQUESTS_PER_HOST),
      clients: new Map(),
      given: new Map(),
    };
    hosts.set(name, host);
    return host;
  };
  const connect = (name: string, host: Host, id: string): HostClient => {
    const { endpoint, transport, limiter, given } = host;
    const credentials = (): Promise<RegistryCredentials | undefined> =>
      id === OWN ? loginOf(name) : Promise.resolve(given.get(id));
    const authenticator = createAuthenticator({ transport, credentials, clock });
    const client = createHostClient({ endpoint: endpoint.url, transport, authenticator, limiter, clock });
    host.clients.set(id, client);
    return client;
  };

  return {
    clientOf(name, login) {
      const host = hosts.get(name) ?? open(name);
      if (login !== undefined) {
        host.given.set(login.id, readGiven(login, name));
      }
      const id = login?.id ?? OWN;
      return host.clients.get(id) ?? connect(name, host, id);
    },
    async close() {
      await Promise.all([...hosts.values()].map(({ transport }) => transport.close()));
      hosts.clear();
    },
  };
}

function readGiven({ id, text }: GivenLogin, host: string): RegistryCredentials | undefined {
  try {
    return loginOfText(text, host, id);
  } catch (error) {
    throw new StalledError('registry/denied', `${id} holds neither a Docker configuration nor user:password`, {
      cause: error,
    });
  }
}
