import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../src/base/clock.js';
import type { LogFields, Logger } from '../../src/base/logger.js';
import type { Notice } from '../../src/driver/core/news.js';
import { createNotifier, type Notifier } from '../../src/notify/notifier.js';
import { OUTBOX_SIZE } from '../../src/notify/outbox.js';
import type { Receiver } from '../../src/notify/receiver.js';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const TAKE: Answer = (_request, response) => response.writeHead(200).end('ok');

let servers: Server[] = [];
let notifiers: Notifier[] = [];

afterEach(async () => {
  await Promise.all(notifiers.map((notifier) => notifier.stop(0)));
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  [servers, notifiers] = [[], []];
});

/** A real server with an answer of its own; what it got, and when. */
async function receive(answer: Answer) {
  const got: { readonly at: number; readonly message: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { message = '' } = JSON.parse(body) as { message?: string };
      got.push({ at: Date.now(), message });
      answer(request, response, got.length);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { got, url: new URL(`http://127.0.0.1:${port}/T0/secret-path`) };
}

interface Setting {
  readonly clock?: Clock;
  readonly lines?: string[];
  readonly timeoutMs?: number;
}

function notifierTo(
  receivers: readonly Pick<Receiver, 'name' | 'url'>[],
  { clock = systemClock, lines = [], timeoutMs = 10_000 }: Setting = {},
): Notifier {
  const log = (message: string, fields?: LogFields): void => void lines.push(JSON.stringify([message, fields]));
  const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
  const all = receivers.map((receiver) => ({ type: 'webhook' as const, ...receiver }));
  const notifier = createNotifier({ receivers: all, clock, random: () => 0.5, logger, timeoutMs });
  notifiers.push(notifier);
  return notifier;
}

function notice(message: string): Notice {
  return { at: 0, event: 'degraded', app: 'web', message };
}

/** Real timers, for waits of a tenth. */
const QUICK: Clock = { now: () => Date.now(), after: (ms, callback) => systemClock.after(ms / 10, callback) };

describe('integration/notifications', () => {
  it('each receiver gets what was told, in order', async () => {
    const [a, b] = [await receive(TAKE), await receive(TAKE)];
    const notifier = notifierTo([
      { name: 'a', url: a.url },
      { name: 'b', url: b.url },
    ]);
    ['1', '2', '3'].forEach((message) => notifier.tell(notice(message)));
    await vi.waitFor(() => expect(notifier.counts()).toMatchObject({ a: { sent: 3 }, b: { sent: 3 } }), 10_000);
    expect(a.got.map(({ message }) => message)).toEqual(['1', '2', '3']);
  });

  it.each<[string, Answer]>([
    ['status 500', (_request, response) => response.writeHead(500).end()],
    ['status 429', (_request, response) => response.writeHead(429).end()],
    ['no answer', () => undefined],
    ['a cut connection', (request) => request.socket.destroy()],
  ])('after %s it is sent again', async (_what, fault) => {
    const { got, url } = await receive((request, response, count) =>
      (count < 3 ? fault : TAKE)(request, response, count),
    );
    const notifier = notifierTo([{ name: 'a', url }], { clock: QUICK, timeoutMs: 3_000 });
    notifier.tell(notice('1'));
    await vi.waitFor(() => expect(notifier.counts()).toEqual({ a: { waiting: 0, sent: 1, dropped: 0 } }), 20_000);
    expect(got.map(({ message }) => message)).toEqual(['1', '1', '1']);
  });

  it('Retry-After is waited for', async () => {
    const { got, url } = await receive((_request, response, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '3' }).end() : response.writeHead(204).end(),
    );
    const notifier = notifierTo([{ name: 'a', url }]);
    notifier.tell(notice('1'));
    await vi.waitFor(() => expect(got).toHaveLength(2), 20_000);
    expect((got[1]?.at ?? 0) - (got[0]?.at ?? 0)).toBeGreaterThanOrEqual(2_990);
  });

  it.each([400, 401, 404, 302])('status %i is final: the next notice is not held up', async (status) => {
    const { got, url } = await receive((_request, response, count) =>
      count === 1 ? response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end() : response.end(),
    );
    const lines: string[] = [];
    const notifier = notifierTo([{ name: 'a', url }], { lines });
    notifier.tell(notice('1'));
    notifier.tell(notice('2'));
    await vi.waitFor(() => expect(notifier.counts()).toEqual({ a: { waiting: 0, sent: 1, dropped: 1 } }), 10_000);
    expect(got.map(({ message }) => message)).toEqual(['1', '2']);
    expect(lines.join()).toContain(`status ${status}`);
    expect(lines.join()).not.toMatch(/secret-path|127\.0\.0\.1/);
  });

  it('a dead receiver slows nobody, and costs its oldest notices only', async () => {
    const [dead, live] = [await receive(() => undefined), await receive(TAKE)];
    const notifier = notifierTo(
      [
        { name: 'dead', url: dead.url },
        { name: 'live', url: live.url },
      ],
      { timeoutMs: 60_000 },
    );
    const began = performance.now();
    for (let number = 0; number < OUTBOX_SIZE; number += 1) {
      notifier.tell(notice(String(number)));
    }
    expect(performance.now() - began).toBeLessThan(1_000);
    await vi.waitFor(() => expect(notifier.counts()).toMatchObject({ live: { sent: OUTBOX_SIZE } }), 20_000);
    for (let number = 0; number < 50; number += 1) {
      notifier.tell(notice('more'));
    }
    expect(notifier.counts()['dead']).toEqual({ waiting: OUTBOX_SIZE, sent: 0, dropped: 50 });
  });

  it('nothing that cannot be reached brings its address into a log', async () => {
    const lines: string[] = [];
    const notifier = notifierTo([{ name: 'a', url: new URL('http://127.0.0.1:1/T0/secret-path') }], { lines });
    notifier.tell(notice('1'));
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), 10_000);
    expect(await notifier.test('a')).toEqual({ kind: 'later', reason: 'ECONNREFUSED' });
    expect(lines.join()).not.toMatch(/secret-path|127\.0\.0\.1/);
  });

  it('stopping sends what waits, and waits for nobody longer than allowed', async () => {
    const [slow, dead] = [
      await receive((_request, response) => void setTimeout(() => response.end(), 50)),
      await receive(() => undefined),
    ];
    const notifier = notifierTo(
      [
        { name: 'slow', url: slow.url },
        { name: 'dead', url: dead.url },
      ],
      { timeoutMs: 60_000 },
    );
    ['1', '2', '3'].forEach((message) => notifier.tell(notice(message)));
    const began = performance.now();
    await notifier.stop(3_000);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(notifier.counts()).toEqual({
      slow: { waiting: 0, sent: 3, dropped: 0 },
      dead: { waiting: 0, sent: 0, dropped: 3 },
    });
    notifier.tell(notice('late'));
    expect(slow.got.map(({ message }) => message)).toEqual(['1', '2', '3']);
  });

  it('a test reaches the receiver that is named, and tells how it went', async () => {
    const [good, bad] = [await receive(TAKE), await receive((_request, response) => response.writeHead(403).end())];
    const notifier = notifierTo([
      { name: 'good', url: good.url },
      { name: 'bad', url: bad.url },
    ]);
    expect(await notifier.test('good')).toEqual({ kind: 'taken' });
    expect(await notifier.test('bad')).toEqual({ kind: 'refused', reason: 'status 403' });
    expect(await notifier.test('nosuch')).toBeUndefined();
    expect(good.got[0]?.message).toContain('test');
  });
});
