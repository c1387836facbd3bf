import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { refusalOf, unansweredError, type Refusal } from './api-error.js';
import type { Json } from './json.js';
import type { ClusterAccess } from './kubeconfig.js';

/** One request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with query, such as `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly body?: Json;
  readonly contentType?: string;
  /** Do not send it again: a second time would do something else. */
  readonly once?: boolean;
}

/** What the API server answered. */
export type ApiAnswer =
  | { readonly ok: true; readonly status: number; readonly body: Json }
  | { readonly ok: false; readonly refusal: Refusal };

/** How a client behaves. Times in milliseconds. */
export interface ApiClientOptions {
  /** Requests that run at once. @default 48 */
  readonly connections?: number;
  /** How often a request is sent again when the server is busy or does not answer. @default 4 */
  readonly retries?: number;
  /** The wait before the first retry; it doubles. @default 200 */
  readonly retryDelayMs?: number;
}

const BUSY = new Set([429, 502, 503, 504]);

/** Speaks HTTP with one API server over connections that stay open. */
export class ApiClient {
  readonly #access: ClusterAccess;
  readonly #agent: Agent;
  readonly #retries: number;
  readonly #retryDelayMs: number;

  constructor(access: ClusterAccess, options: ApiClientOptions = {}) {
    this.#access = access;
    this.#retries = options.retries ?? 4;
    this.#retryDelayMs = options.retryDelayMs ?? 200;
    this.#agent = new Agent({
      connections: options.connections ?? 48,
      keepAliveTimeout: 60_000,
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
      connect: {
        timeout: 10_000,
        rejectUnauthorized: !access.skipTlsVerify,
        ...(access.ca === undefined ? {} : { ca: access.ca }),
        ...(access.cert === undefined ? {} : { cert: access.cert }),
        ...(access.key === undefined ? {} : { key: access.key }),
        ...(access.tlsServerName === undefined ? {} : { servername: access.tlsServerName }),
      },
    });
  }

  /**
   * Sends a request, again when the server is busy or did not answer.
   * @throws TransientError `cluster/unreachable`, CancelledError when the signal fired
   */
  async send(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      const isLast = request.once === true || attempt >= this.#retries;
      const answer = await this.#try(request, signal).catch((error: unknown) => {
        if (isLast || signal?.aborted === true) {
          throw unansweredError(error, this.#access.server, signal);
        }
        return undefined;
      });
      if (answer !== undefined && (answer.ok || isLast || !BUSY.has(answer.refusal.status))) {
        return answer;
      }
      const asked = answer?.ok === false ? answer.refusal.retryAfterMs : undefined;
      await this.#wait(Math.min(asked ?? this.#retryDelayMs * 2 ** attempt, 10_000), signal);
    }
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #try(request: ApiRequest, signal: AbortSignal | undefined): Promise<ApiAnswer> {
    const response = await this.#agent.request({
      origin: this.#access.server,
      method: request.method,
      path: request.path,
      headers: this.#headers(request),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.body.text();
    const body = parseBody(text);
    if (response.statusCode < 400) {
      return { ok: true, status: response.statusCode, body: body ?? null };
    }
    return { ok: false, refusal: refusalOf(response.statusCode, body, text, retryAfterOf(response)) };
  }

  #headers(request: ApiRequest): Record<string, string> {
    const token = this.#access.token?.();
    return {
      accept: 'application/json',
      'user-agent': 'prodesk-sandbox-provider',
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw unansweredError(error, this.#access.server, signal);
    }
  }
}

function parseBody(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Proxies and the API server's own 404 answer with plain text; the text itself is the message then.
    return undefined;
  }
}

function retryAfterOf(response: Dispatcher.ResponseData): string | undefined {
  const value = response.headers['retry-after'];
  return Array.isArray(value) ? value[0] : value;
}
