import { request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../base/clock.js';
import { CancelledError, messageOf, ProdeskError, StalledError, TransientError } from '../../base/errors.js';

/** One HTTP exchange, redirects not followed. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A longer body is an error. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A complete answer. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Buffer;
  /** A header by its lower-case name; several of one name are joined by commas. */
  readonly header: (name: string) => string | undefined;
}

/** Sends one request. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>;

/** Settings of {@link createHttp}. */
export interface HttpOptions {
  readonly dispatcher: Dispatcher;
  /** From the first byte out to the last byte in, in milliseconds. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly clock: Clock;
}

/**
 * HTTP over one pool of kept-alive connections.
 * It throws TransientError `registry/unavailable`, StalledError `registry/invalid` (body too long) and CancelledError.
 */
export function createHttp(options: HttpOptions): SendHttp {
  return async (sent) => {
    try {
      return await exchange(sent, options);
    } catch (error) {
      if (!isLostConnection(error)) {
        throw error;
      }
      return exchange(sent, options);
    }
  };
}

/** A kept-alive connection that the server closed just before our request: safe to ask once more. */
class LostConnection extends TransientError {}

function isLostConnection(error: unknown): boolean {
  return error instanceof LostConnection;
}

async function exchange(
  sent: HttpRequest,
  { dispatcher, timeoutMs, userAgent, clock }: HttpOptions,
): Promise<HttpResponse> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(sent.signal?.reason);
  if (sent.signal?.aborted === true) {
    throw cancelled(sent);
  }
  sent.signal?.addEventListener('abort', onAbort, { once: true });
  const cancelLimit = clock.after(timeoutMs, () => stop.abort());
  let answered = false;
  try {
    const { statusCode, headers, body } = await request(sent.url, {
      dispatcher,
      method: sent.method,
      headers: { ...sent.headers, 'user-agent': userAgent },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: stop.signal,
    });
    answered = true;
    return {
      status: statusCode,
      body: await readBody(body, sent),
      header: (name) => [headers[name] ?? []].flat().join(', ') || undefined,
    };
  } catch (error) {
    throw classifyHttpFailure(error, { sent, answered, stopped: stop.signal.aborted, timeoutMs });
  } finally {
    cancelLimit();
    sent.signal?.removeEventListener('abort', onAbort);
  }
}

async function readBody(body: AsyncIterable<Buffer>, { url, maxBytes }: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new StalledError('registry/invalid', `${nameOf(url)}: the answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface FailureContext {
  readonly sent: HttpRequest;
  readonly answered: boolean;
  readonly stopped: boolean;
  readonly timeoutMs: number;
}

function classifyHttpFailure(error: unknown, { sent, answered, stopped, timeoutMs }: FailureContext): ProdeskError {
  if (error instanceof ProdeskError) {
    return error;
  }
  if (sent.signal?.aborted === true) {
    return cancelled(sent);
  }
  const what = nameOf(sent.url);
  if (stopped) {
    return new TransientError('registry/unavailable', `${what}: no complete answer within ${timeoutMs} ms`);
  }
  const code = (error as { code?: unknown }).code;
  const message = `${what}: ${messageOf(error)}`;
  return !answered && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
    ? new LostConnection('registry/unavailable', message, { cause: error })
    : new TransientError('registry/unavailable', message, { cause: error });
}

function cancelled({ signal, url }: HttpRequest): ProdeskError {
  const reason: unknown = signal?.reason;
  return reason instanceof ProdeskError
    ? reason
    : new CancelledError('cancelled/superseded', `stopped: ${nameOf(url)}`, { cause: reason });
}

/** A URL for people: without its query, which may hold a signature. */
export function nameOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
