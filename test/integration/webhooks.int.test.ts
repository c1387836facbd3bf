import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { listenOnAddress, type Listening } from '../../src/server/listen.js';
import type { DaemonView } from '../../src/server/daemon-view.js';
import { createRoutes } from '../../src/server/routes.js';
import { createWebhookRoutes, type WebhookSource } from '../../src/server/webhooks/routes.js';
import { findFreePorts } from '../../src/sandbox/free-ports.js';
import { FakeClock } from '../cluster/fake-clock.js';

const SECRET = 'a secret of some length';
const MIB = 2 ** 20;

describe('integration/webhooks on a real socket', () => {
  const clock = new FakeClock();
  let polls: WebhookSource[] = [];
  let port = 0;
  let server: Listening | undefined;

  beforeAll(async () => {
    [port = 0] = await findFreePorts(1);
    server = await serve(port, { git: [SECRET], registry: [SECRET] });
  });
  beforeEach(async () => {
    await clock.advance(60_000);
    polls = [];
  });
  afterAll(() => server?.close());

  function serve(at: number, secrets: Partial<Record<WebhookSource, string[]>>): Promise<Listening> {
    const poll = (source: WebhookSource): void => void polls.push(source);
    const webhooks = createWebhookRoutes({ secrets, poll, clock, logger: silentLogger });
    const view = {} as DaemonView; // Nothing but webhooks is asked here.
    return listenOnAddress(createRoutes(view, { mayAct: false, webhooks }), `127.0.0.1:${at}`);
  }

  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/v1/webhooks/${path}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    });

  it.each([
    ['git', 'a GitHub push', { ...signed('{"ref":"x"}'), 'x-github-event': 'push' }],
    ['registry', 'a GitHub package event', { ...signed('{"ref":"x"}'), 'x-github-event': 'package' }],
    ['git', 'a GitLab push', { 'x-gitlab-token': SECRET }],
    ['registry', 'a distribution notification', { authorization: `Bearer ${SECRET}` }],
  ])('%s is polled at once by %s', async (source, _what, headers) => {
    expect((await post(source, '{"ref":"x"}', headers)).status).toBe(202);
    expect(polls).toEqual([source]);
  });

  it('a sender that can set no header shows the secret in the address, at the registry only', async () => {
    const token = encodeURIComponent(SECRET);
    expect((await post(`registry?token=${token}`, '{}')).status).toBe(202);
    expect((await post(`git?token=${token}`, '{}')).status).toBe(401);
    expect(polls).toEqual(['registry']);
  });

  it("GitHub's ping is answered, and nothing is polled", async () => {
    expect((await post('git', '{}', { ...signed('{}'), 'x-github-event': 'ping' })).status).toBe(202);
    expect(polls).toEqual([]);
  });

  it('without a secret there is no webhook', async () => {
    const [free = 0] = await findFreePorts(1);
    const bare = await serve(free, {});
    const answer = await fetch(`http://127.0.0.1:${free}/v1/webhooks/git`, { method: 'POST', headers: signed('') });
    expect(answer.status).toBe(404);
    await bare.close();
  });

  it.each([
    ['without a signature', {}],
    ['with a signature of another body', signed('{"ref":"y"}')],
    ['with an empty signature', { 'x-hub-signature-256': '' }],
  ])('a request %s is refused and polls nothing', async (_what, headers) => {
    expect((await post('git', '{"ref":"x"}', headers)).status).toBe(401);
    expect(polls).toEqual([]);
  });

  it('a signed request that comes again is harmless: one more poll, later', async () => {
    for (let index = 0; index < 5; index += 1) {
      expect((await post('git', '{}', signed('{}'))).status).toBe(202);
    }
    expect(polls).toEqual(['git']);
    await clock.advance(60_000);
    expect(polls).toEqual(['git', 'git']);
  });

  it('a thousand requests become two polls', async () => {
    const answers = [];
    for (let batch = 0; batch < 100; batch += 1) {
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => post('git', '{}', signed('{}'))))));
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(clock.pending()).toBe(1);
    await clock.advance(60_000);
    expect(polls).toEqual(['git', 'git']);
  });

  it('a body that says it has a gigabyte is refused before a byte of it is read', async () => {
    const socket = await open(`content-length: ${2 ** 30}`);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a gigabyte without a length is cut at the limit, and memory stays flat', async () => {
    const before = process.memoryUsage().rss;
    const socket = await open('transfer-encoding: chunked', signed('{}'));
    const answer = answerOf(socket);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    while (!socket.destroyed && sent < 2 ** 30) {
      sent += chunk.length;
      const more = socket.write(`${chunk.length.toString(16)}\r\n`) && socket.write(chunk) && socket.write('\r\n');
      if (!more) {
        await drained(socket);
      }
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(64 * MIB);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
  });

  it('a body that does not come is given up at the time limit', async () => {
    const socket = await open('content-length: 10', signed('{}'));
    socket.write('{');
    const answer = answerOf(socket);
    await expect.poll(() => clock.pending()).toBe(1);
    await clock.advance(10_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(polls).toEqual([]);
  });

  it('slow senders do not take more than their places, and leave them', async () => {
    const sockets = await Promise.all(Array.from({ length: 16 }, () => open('content-length: 10', signed('{}'))));
    await expect.poll(() => clock.pending()).toBe(16);
    const refused = await post('git', '{}', signed('{}'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    sockets.forEach((socket) => socket.destroy());
    await expect.poll(async () => (await post('git', '{}', signed('{}'))).status).toBe(202);
  });

  it('no payload of any sender, signed or not, ends the server', async () => {
    const payload = fc.oneof(
      fc.constantFrom(...PAYLOADS.flatMap(brokenForms)),
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    );
    const source = fc.constantFrom('git', 'registry');
    const event = fc.constantFrom('push', 'package', 'registry_package', 'Push Hook', '\u00ff', 'x'.repeat(4000));
    await fc.assert(
      fc.asyncProperty(source, payload, event, fc.boolean(), async (path, body, name, isSigned) => {
        const headers = { 'x-github-event': name, ...(isSigned ? signed(body) : {}) };
        expect((await post(path, body, headers)).status).toBe(isSigned ? 202 : 401);
      }),
      { numRuns: 120 },
    );
  });

  async function open(length: string, headers: Record<string, string> = {}): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined); // the server may close while we still send
    await once(socket, 'connect');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /v1/webhooks/git HTTP/1.1\r\nhost: x\r\n${length}\r\n${lines.join('')}\r\n`);
    return socket;
  }
});

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve).once('close', resolve);
  });
}

function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve) => {
    socket.once('close', () => resolve(text));
  });
}

function signed(body: string | Buffer): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` };
}

/** What the senders send, with only the parts that receivers have tripped over. */
const PAYLOADS: readonly object[] = [
  { ref: 'refs/heads/master', commits: [{ added: ['a'] }], repository: { clone_url: 'https://x/y.git' } },
  { object_kind: 'push', ref: 'refs/heads/master', project: { git_http_url: 'https://x/y.git' }, commits: [] },
  { action: 'published', package: { name: 'web', package_version: { container_metadata: { tag: { name: 'v1' } } } } },
  { push_data: { tag: 'v1' }, repository: { repo_name: 'a/b' } },
  { type: 'PUSH_ARTIFACT', event_data: { resources: [{ tag: 'v1', resource_url: 'x/y:v1' }] } },
  { events: [{ action: 'push', target: { repository: 'a/b', tag: 'v1' } }] },
];

/** A payload with one part missing, or of another type. */
function brokenForms(payload: object): string[] {
  const values: unknown[] = [null, [], {}, 0, '', '$(id)', '../../etc/passwd'];
  const forms = Object.keys(payload).flatMap((key) => values.map((value) => ({ ...payload, [key]: value })));
  const text = JSON.stringify(payload);
  return [...forms.map((form) => JSON.stringify(form)), text.slice(0, -3), `${text}${text}`, '['.repeat(5000)];
}
