import { Hono, type Context } from 'hono';
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/logger.js';
import { coalesce } from './coalesce.js';
import { isProven, proofInAddress, proofOf } from './proof.js';
import { type BodyResult, declaresTooMuch, readBody } from './read-body.js';

/** What a webhook can say that there is news of. */
export type WebhookSource = 'git' | 'registry';

/** What {@link createWebhookRoutes} needs. */
export interface WebhookOptions {
  /** The secrets that open each source's webhook; without one there is no such path. */
  readonly secrets: Readonly<Partial<Record<WebhookSource, readonly string[]>>>;
  /** Polls a source now. */
  readonly poll: (source: WebhookSource) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LIMITS = { bytes: 2 ** 20, timeoutMs: 10_000 };
const MOST_AT_ONCE = 16;
/** A source is polled by webhooks at most once in this time. */
const POLL_SPACING_MS = 5_000;

/**
 * `POST /git` and `/registry`: a signed request means "poll now" and nothing else. A payload proves its sender and is thrown away
 * unread, so there is nothing in it that could mislead or crash.
 */
export function createWebhookRoutes({ secrets, poll, clock, logger }: WebhookOptions): Hono {
  const routes = new Hono();
  let atOnce = 0;
  for (const source of ['git', 'registry'] as const) {
    const known = secrets[source] ?? [];
    if (known.length === 0) {
      continue;
    }
    const pollSoon = coalesce(clock, POLL_SPACING_MS, () => poll(source));
    const take = async (context: Context): Promise<Response> => {
      const { status, message } = await check(context, source, known, clock);
      if (status !== 202) {
        logger.debug('webhook refused', { source, status });
        return refuse(context, status, message);
      }
      if (context.req.header('x-github-event') !== 'ping') {
        logger.debug('webhook taken', { source });
        pollSoon();
      }
      return context.json({ ok: true }, 202);
    };
    routes.post(`/${source}`, async (context) => {
      if (atOnce >= MOST_AT_ONCE) {
        context.header('retry-after', '10');
        return refuse(context, 503, 'too many webhooks at once');
      }
      atOnce += 1;
      try {
        return await take(context);
      } finally {
        atOnce -= 1;
      }
    });
  }
  return routes;
}

type Verdict = { readonly status: 202 | 400 | 401 | 408 | 413; readonly message: string };

const WITHOUT_BODY: Readonly<Record<Exclude<BodyResult['kind'], 'complete'>, Verdict>> = {
  'too-large': { status: 413, message: `the body is larger than ${LIMITS.bytes} bytes` },
  'too-slow': { status: 408, message: `the body did not arrive within ${LIMITS.timeoutMs / 1000} s` },
  broken: { status: 400, message: 'the body ended early' },
};
const REFUSED: Verdict = { status: 401, message: 'no valid signature or token' };

async function check(
  context: Context,
  source: WebhookSource,
  secrets: readonly string[],
  clock: Clock,
): Promise<Verdict> {
  const inAddress = source === 'registry' ? proofInAddress(context.req.query('token')) : undefined;
  const proof = proofOf((name) => context.req.header(name)) ?? inAddress;
  if (declaresTooMuch(context.req.raw, LIMITS)) {
    return WITHOUT_BODY['too-large'];
  }
  if (proof === undefined || (proof.kind === 'token' && !isProven(proof, new Uint8Array(), secrets))) {
    return REFUSED;
  }
  const body = await readBody(context.req.raw, LIMITS, clock);
  if (body.kind !== 'complete') {
    return WITHOUT_BODY[body.kind];
  }
  return isProven(proof, body.bytes, secrets) ? { status: 202, message: '' } : REFUSED;
}

/** Whoever was refused may still send: the connection is not kept for it. */
function refuse(context: Context, status: 400 | 401 | 408 | 413 | 503, message: string): Response {
  context.header('connection', 'close');
  return context.json({ error: { message } }, status);
}
