import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { StalledError, TransientError } from '../../base/errors.js';
import type { ProdeskError } from '../../base/errors.js';
import type { HttpResponse } from './http.js';
import { parseRetryAfter } from '../../base/retry-after.js';

/** The error for an answer that is not what was asked for. @param what names the request in the message */
export function failureOf({ status, header }: HttpResponse, what: string, now: number): ProdeskError {
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(header('retry-after'), now);
    return new TransientError('registry/rate-limited', `${what}: too many requests (429)`, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (status === 401 || status === 403) {
    return new StalledError(
      'registry/denied',
      `${what}: access denied (${status}); check the credential and its scope`,
    );
  }
  if (status >= 500 || status === 408 || status === 425) {
    const retryAfterMs = parseRetryAfter(header('retry-after'), now);
    return new TransientError('registry/unavailable', `${what}: the registry answered ${status}`, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return new StalledError('registry/invalid', `${what}: the registry answered ${status}, which has no meaning here`);
}

/**
 * The body as the schema says.
 * @throws StalledError `registry/invalid`; the message names fields, not what is in them
 */
export function parseBody<T extends z.ZodType>(
  schema: T,
  { body }: Pick<HttpResponse, 'body'>,
  what: string,
): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw new StalledError('registry/invalid', `${what}: the answer is not JSON`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.slice(0, 5).map(({ path }) => path.join('.') || 'the whole body');
    throw new StalledError('registry/invalid', `${what}: not as the distribution API says at ${places.join(', ')}`);
  }
  return parsed.data;
}

/** The digest of some bytes, as registries write it. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Checks that content is what its digest says.
 * @throws StalledError `registry/invalid`
 */
export function verifyDigest(bytes: Buffer, expected: string, what: string): void {
  const actual = digestOf(bytes);
  if (actual !== expected) {
    throw new StalledError('registry/invalid', `${what}: the content does not match its digest ${expected}`);
  }
}
