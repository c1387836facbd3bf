import { request, type Dispatcher } from 'undici';
import { parseRetryAfter } from '../base/retry-after.js';
import type { Clock } from '../base/clock.js';
import type { Message } from './message.js';

/** How one attempt ended. Says nothing of the address. */
export type PostResult =
  | { readonly kind: 'taken' }
  /** It may be taken later. */
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Posts one message. Never throws. */
export type Post = (url: URL, message: Message, signal: AbortSignal) => Promise<PostResult>;

/** What {@link createPost} needs. */
export interface PostOptions {
  readonly dispatcher: Dispatcher;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** More of an answer is not read; the connection is closed then. */
const LONGEST_ANSWER = 65_536;

/** Posts by HTTP. Redirects are not followed: they would carry credentials elsewhere. The answer's body is thrown away. */
export function createPost({ dispatcher, timeoutMs, clock }: PostOptions): Post {
  return async (url, { headers, body }, signal) => {
    const stop = new AbortController();
    const cancelLimit = clock.after(timeoutMs, () => stop.abort());
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { ...headers, 'user-agent': 'prodesk' },
        body,
        signal: AbortSignal.any([stop.signal, signal]),
      });
      await answer.body.dump({ limit: LONGEST_ANSWER }).catch(() => undefined);
      return resultOf(answer.statusCode, [answer.headers['retry-after'] ?? []].flat()[0], clock.now());
    } catch (error) {
      const { code = 'failed' } = error as { readonly code?: string };
      return { kind: 'later', reason: stop.signal.aborted ? `no answer within ${timeoutMs} ms` : code };
    } finally {
      cancelLimit();
    }
  };
}

function resultOf(status: number, retryAfter: string | undefined, now: number): PostResult {
  const reason = `status ${status}`;
  if (status >= 200 && status < 300) {
    return { kind: 'taken' };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfter(retryAfter, now);
    return { kind: 'later', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { kind: 'refused', reason };
}
