import { rootCertificates } from 'node:tls';
import { Agent } from 'undici';
import type { Clock } from '../../base/clock.js';
import { StalledError } from '../../base/errors.js';
import { guardedLookup, ownAddressClasses } from './address-guard.js';
import type { AddressClass, Lookup } from './address-guard.js';
import { createHttp, nameOf } from './http.js';
import type { HttpRequest, HttpResponse, SendHttp } from './http.js';
import { parseReferral } from './redirect.js';
import type { ReferralRules } from './redirect.js';

/** Settings of {@link createTransport}. */
export interface TransportOptions {
  readonly endpoint: URL;
  /** A certificate authority to trust beside the usual ones, as PEM. */
  readonly ca?: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly resolve: Lookup;
}

/** Sends requests to one registry and to where it refers, within the rules of {@link parseReferral}. */
export interface Transport {
  /** Sends to the registry and follows redirects; credentials stay with the registry's origin. */
  send: SendHttp;
  /** Sends to an address that the registry named, such as a token realm, without following redirects. */
  sendToReferral(target: string, request: Omit<HttpRequest, 'url'>, query: URLSearchParams): Promise<HttpResponse>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const CONNECTIONS = 4;
const REACHABLE: readonly AddressClass[] = ['public', 'private', 'loopback'];

/** One pool of connections for the registry itself, and a guarded one for the hosts that it refers to. */
export function createTransport(options: TransportOptions): Transport {
  const agents: Agent[] = [];
  const httpFor = (allowed: ReadonlySet<AddressClass>): SendHttp => {
    const agent = new Agent({
      connections: CONNECTIONS,
      keepAliveTimeout: 30_000,
      connect: {
        lookup: guardedLookup(options.resolve, allowed),
        timeout: options.timeoutMs,
        ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
      },
    });
    agents.push(agent);
    return createHttp({ ...options, dispatcher: agent });
  };
  const sendOwn = httpFor(new Set(REACHABLE));
  let abroad: Promise<{ rules: ReferralRules; send: SendHttp }> | undefined;
  const prepareAbroad = async (): Promise<{ rules: ReferralRules; send: SendHttp }> => {
    const ownClasses = await ownAddressClasses(options.endpoint.hostname, options.resolve);
    return {
      rules: { endpoint: options.endpoint, ownClasses },
      send: httpFor(new Set<AddressClass>(['public', ...ownClasses])),
    };
  };
  const whereTo = async (target: string, base: URL) => {
    const { rules, send } = await (abroad ??= prepareAbroad());
    const referral = parseReferral(target, base, rules);
    return { ...referral, send: referral.isOwnHost ? sendOwn : send };
  };

  return {
    async send(request) {
      let response = await sendOwn(request);
      let { url } = request;
      for (let hop = 0; isRedirect(response.status); hop += 1) {
        if (hop === MAX_REDIRECTS) {
          throw new StalledError(
            'registry/invalid',
            `${nameOf(request.url)} redirects more than ${MAX_REDIRECTS} times`,
          );
        }
        const next = await whereTo(response.header('location') ?? '', url);
        const headers = next.isSameOrigin ? request.headers : withoutAuthorization(request.headers);
        ({ url } = next);
        response = await next.send({ ...request, url, headers });
      }
      return response;
    },
    async sendToReferral(target, request, query) {
      const { url, send } = await whereTo(target, options.endpoint);
      for (const [name, value] of query) {
        url.searchParams.append(name, value);
      }
      return send({ ...request, url });
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()));
    },
  };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
