import type { Clock } from '../../base/clock.js';
import { StalledError } from '../../base/errors.js';
import { parseChallenge } from './challenge.js';
import type { Challenge } from './challenge.js';
import type { RegistryCredentials } from './docker-config.js';
import { LruCache } from './lru-cache.js';
import { failureOf, parseBody } from './response.js';
import { tokenSchema } from './schema.js';
import type { Transport } from './transport.js';

/** Settings of {@link createAuthenticator}. */
export interface AuthenticatorOptions {
  readonly transport: Pick<Transport, 'sendToReferral'>;
  /** Asked each time, so that renewed credentials are used. */
  readonly credentials: () => Promise<RegistryCredentials | undefined>;
  readonly clock: Clock;
}

/** Gives the `Authorization` header for reading a repository. */
export interface Authenticator {
  /** What is known to work without asking the registry first; undefined where nothing is known. */
  authorizationFor(repository: string): Promise<string | undefined>;
  /** A new header after a 401 answer; undefined when there is nothing (else) to try. */
  renew(
    repository: string,
    challengeHeader: string | undefined,
    refused: string | undefined,
  ): Promise<string | undefined>;
}

interface Token {
  readonly authorization: string;
  readonly expiresAt: number;
}

/** A token without a stated life lives this long, by the token authentication specification of the distribution project. */
const DEFAULT_LIFE_S = 60;
const MAX_LIFE_S = 3600;
const MAX_TOKEN_BYTES = 262_144;

/** Answers the challenges of one registry: Basic, or Bearer with a token service. Tokens are kept until shortly before they end. */
export function createAuthenticator({ transport, credentials, clock }: AuthenticatorOptions): Authenticator {
  const tokens = new LruCache<Token>(500);
  const requested = new Map<string, Promise<string>>();
  let known: Challenge | undefined;

  const requestToken = async (challenge: Challenge & { scheme: 'bearer' }, repository: string): Promise<string> => {
    const login = await credentials();
    const query = new URLSearchParams({ scope: `repository:${repository}:pull` });
    if (challenge.service !== undefined) {
      query.set('service', challenge.service);
    }
    const headers: Record<string, string> = login === undefined ? {} : { authorization: basicHeader(login) };
    const response = await transport.sendToReferral(
      challenge.realm,
      { method: 'GET', headers, maxBytes: MAX_TOKEN_BYTES },
      query,
    );
    const what = `the token service for ${repository}`;
    if (response.status !== 200) {
      throw failureOf(response, what, clock.now());
    }
    const body = parseBody(tokenSchema, response, what);
    const token = body.token ?? body.access_token;
    if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
      throw new StalledError('registry/invalid', `${what} gave no token`);
    }
    const lifeMs = Math.min(Math.max(body.expires_in ?? DEFAULT_LIFE_S, 0), MAX_LIFE_S) * 1000;
    const authorization = `Bearer ${token}`;
    tokens.set(repository, { authorization, expiresAt: clock.now() + lifeMs * 0.9 });
    return authorization;
  };
  /** Callers at the same time share one request. */
  const tokenFor = (challenge: Challenge & { scheme: 'bearer' }, repository: string): Promise<string> => {
    const running = requested.get(repository);
    if (running !== undefined) {
      return running;
    }
    const request = requestToken(challenge, repository).finally(() => requested.delete(repository));
    requested.set(repository, request);
    return request;
  };
  const basicAuthorization = async (): Promise<string | undefined> => {
    const login = await credentials();
    return login === undefined ? undefined : basicHeader(login);
  };

  return {
    async authorizationFor(repository) {
      if (known === undefined) {
        return undefined;
      }
      if (known.scheme === 'basic') {
        return basicAuthorization();
      }
      const token = tokens.get(repository);
      return token !== undefined && token.expiresAt > clock.now() ? token.authorization : tokenFor(known, repository);
    },
    async renew(repository, challengeHeader, refused) {
      const challenge = parseChallenge(challengeHeader);
      if (challenge === undefined) {
        return undefined;
      }
      known = challenge;
      if (challenge.scheme === 'basic') {
        const authorization = await basicAuthorization();
        return authorization === refused ? undefined : authorization;
      }
      const token = tokens.get(repository);
      if (token !== undefined && token.authorization !== refused && token.expiresAt > clock.now()) {
        return token.authorization;
      }
      tokens.delete(repository);
      return tokenFor(challenge, repository);
    },
  };
}

function basicHeader({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
