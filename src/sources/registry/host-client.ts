import type { Clock } from '../../base/clock.js';
import { TransientError } from '../../base/errors.js';
import type { Authenticator } from './authenticator.js';
import type { HttpResponse } from './http.js';
import type { Limiter } from './limiter.js';
import { failureOf } from './response.js';
import type { Transport } from './transport.js';

/** A request below `/v2/<repository>/`. */
export interface RepositoryRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly repository: string;
  /** Such as `tags/list`. */
  readonly path: string;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The registry API of one host. */
export interface HostClient {
  /** The address of a request. */
  urlOf(request: RepositoryRequest): URL;
  /**
   * Sends a request with authentication; one more time after a 401. Answers with status 200, 304, 404 and 405 are returned.
   * @throws TransientError `registry/unavailable`, `registry/rate-limited`; StalledError `registry/denied`, `registry/invalid`
   */
  send(request: RepositoryRequest): Promise<HttpResponse>;
}

/** What a {@link HostClient} works with. */
export interface HostClientOptions {
  readonly endpoint: URL;
  readonly transport: Pick<Transport, 'send'>;
  readonly authenticator: Authenticator;
  readonly limiter: Limiter;
  readonly clock: Clock;
}

/** The pause after a 429 answer that names none. */
const DEFAULT_PAUSE_MS = 10_000;
const RETURNED = new Set([200, 304, 404, 405]);

/** While a registry has asked for a pause, requests to it fail at once instead of being sent. */
export function createHostClient({
  endpoint,
  transport,
  authenticator,
  limiter,
  clock,
}: HostClientOptions): HostClient {
  let pausedUntil = 0;

  const assertNotPaused = (): void => {
    const leftMs = pausedUntil - clock.now();
    if (leftMs > 0) {
      const message = `${endpoint.host} asked for a pause; ${Math.ceil(leftMs / 1000)} s are left`;
      throw new TransientError('registry/rate-limited', message, { retryAfterMs: leftMs });
    }
  };
  const urlOf = ({ repository, path, query = '' }: RepositoryRequest): URL => {
    const base = endpoint.pathname.replace(/\/$/, '');
    return new URL(
      `${endpoint.origin}${base}/v2/${repository.split('/').map(encodeURIComponent).join('/')}/${path}${query}`,
    );
  };
  const attempt = (request: RepositoryRequest, authorization: string | undefined): Promise<HttpResponse> => {
    assertNotPaused();
    return transport.send({
      method: request.method ?? 'GET',
      url: urlOf(request),
      headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
      maxBytes: request.maxBytes,
      signal: request.signal,
    });
  };
  const exchange = async (request: RepositoryRequest): Promise<HttpResponse> => {
    assertNotPaused();
    const authorization = await authenticator.authorizationFor(request.repository);
    const response = await attempt(request, authorization);
    if (response.status !== 401) {
      return response;
    }
    const renewed = await authenticator.renew(request.repository, response.header('www-authenticate'), authorization);
    return renewed === undefined ? response : attempt(request, renewed);
  };

  return {
    urlOf,
    send: (request) =>
      limiter(async () => {
        try {
          const response = await exchange(request);
          if (RETURNED.has(response.status)) {
            return response;
          }
          throw failureOf(response, `${endpoint.host}/${request.repository} ${request.path}`, clock.now());
        } catch (error) {
          if (error instanceof TransientError && error.code === 'registry/rate-limited') {
            pausedUntil = Math.max(pausedUntil, clock.now() + (error.retryAfterMs ?? DEFAULT_PAUSE_MS));
          }
          throw error;
        }
      }),
  };
}
