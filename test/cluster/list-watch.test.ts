import { afterEach, describe, expect, it } from 'vitest';
import { StalledError, TransientError } from '../../src/base/errors.js';
import { silentLogger } from '../../src/base/logger.js';
import type { ListPage, WatchEvent } from '../../src/cluster/client.js';
import { classifyResponse } from '../../src/cluster/failure.js';
import { startListWatch, type ListWatch } from '../../src/cluster/list-watch.js';
import { DEFAULT_TIMINGS } from '../../src/cluster/timings.js';
import { FakeClient } from './fake-client.js';
import { FakeClock, settle } from './fake-clock.js';

const page = (resourceVersion: string, names: readonly string[], continueToken?: string): ListPage => ({
  items: names.map((name) => ({ metadata: { name, namespace: 'ns' } })),
  resourceVersion,
  ...(continueToken === undefined ? {} : { continueToken }),
});
const event = (type: WatchEvent['type'], resourceVersion: string, name = 'a'): WatchEvent => ({
  type,
  object: { metadata: { name, namespace: 'ns', resourceVersion } },
});
const answer = (code: number): Error => classifyResponse({ code, body: {}, isPrivate: false }, 'watch');
const unreachable = new TransientError('cluster/unreachable', 'connect ECONNREFUSED');

let running: ListWatch | undefined;
afterEach(() => running?.stop());

function start(client: FakeClient, path: () => string | undefined = () => '/things') {
  const clock = new FakeClock();
  const seen: string[] = [];
  running = startListWatch({
    what: 'v1/Thing',
    findPath: () => Promise.resolve(path()),
    onPathGone: () => seen.push('path gone'),
    client,
    clock,
    logger: silentLogger,
    random: () => 0,
    timings: DEFAULT_TIMINGS,
    handler: {
      onObject: ({ metadata }, source) => seen.push(`${source} ${metadata.name}`),
      onGone: ({ metadata }) => seen.push(`gone ${metadata.name}`),
      onListed: (names) => seen.push(`listed ${[...names].join(' ')}`),
      onProblem: (problem) => problem !== undefined && seen.push(problem),
    },
  });
  return { clock, seen, watch: running };
}

describe('cluster/list-watch', () => {
  it('all pages are listed before the watch begins where the list ended', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', ['a'], 'more'), page('7', ['b']));
    const { seen } = start(client);
    await settle();
    expect(client.asked).toEqual(['list', 'list after more', 'watch from 7']);
    expect(seen).toEqual(['list a', 'list b', 'listed ns/a ns/b']);
  });

  it('a watch that ends goes on where its last event or bookmark was', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', []));
    client.watches.push([event('ADDED', '8'), event('DELETED', '9'), event('BOOKMARK', '12'), 'end']);
    const { clock, seen } = start(client);
    await clock.advance(DEFAULT_TIMINGS.backoff.minMs);
    expect(client.asked).toEqual(['list', 'watch from 7', 'watch from 12']);
    expect(seen).toEqual(['listed ', 'watch a', 'gone a']);
  });

  it('a watch that ends at once is not opened again at once', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', []));
    client.watches.push(['end'], ['end']);
    const { clock } = start(client);
    await settle();
    expect(client.asked).toEqual(['list', 'watch from 7']);
    expect(clock.nextMs()).toBe(DEFAULT_TIMINGS.backoff.minMs);
  });

  it('an answer of 410 makes a new list', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', ['a']), page('90', ['b']));
    client.watches.push([event('MODIFIED', '8'), answer(410)]);
    const { clock, seen } = start(client);
    await clock.advance(10);
    expect(client.asked).toEqual(['list', 'watch from 7', 'list', 'watch from 90']);
    expect(seen.at(-1)).toBe('listed ns/b');
  });

  it('an answer of 410 between two pages begins the list again', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', ['a'], 'old'), answer(410), page('9', ['a']));
    const { clock } = start(client);
    await clock.advance(10);
    expect(client.asked).toEqual(['list', 'list after old', 'list', 'watch from 9']);
  });

  it('failures in a row double the wait, and after three the objects are listed again', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', []));
    client.watches.push([unreachable], [unreachable], [unreachable]);
    const { clock } = start(client);
    await settle();
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      waits.push(clock.nextMs());
      await clock.advance(clock.nextMs() ?? 0);
    }
    expect(waits).toEqual([500, 1000, 2000]);
    expect(client.asked).toEqual(['list', 'watch from 7', 'watch from 7', 'watch from 7', 'list']);
  });

  it('an event ends the row of failures', async () => {
    const client = new FakeClient();
    client.lists.push(page('7', []));
    client.watches.push([unreachable], [unreachable], [event('ADDED', '8'), unreachable]);
    const { clock } = start(client);
    await clock.advance(1500);
    expect(clock.nextMs()).toBe(500);
  });

  it('a wake ends the wait', async () => {
    const client = new FakeClient();
    client.lists.push(unreachable, page('1', []));
    const { watch } = start(client);
    await settle();
    expect(client.asked).toEqual(['list']);
    watch.wake();
    await settle();
    expect(client.asked).toEqual(['list', 'list', 'watch from 1']);
  });

  it('a kind that is not served is a problem, and is looked for ever more slowly', async () => {
    const client = new FakeClient();
    client.lists.push(page('1', []));
    const served: { path?: string } = {};
    const { clock, seen } = start(client, () => served.path);
    await settle();
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      waits.push(clock.nextMs());
      await clock.advance(clock.nextMs() ?? 0);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(seen[0]).toContain('the API server has no v1/Thing');
    served.path = '/things';
    await clock.advance(15_000);
    expect(client.asked).toEqual(['list', 'watch from 1']);
  });

  it('a path that is gone is forgotten', async () => {
    const client = new FakeClient();
    client.lists.push(answer(404));
    const { seen } = start(client);
    await settle();
    expect(seen).toEqual(['path gone']);
  });

  it('a refusal is a problem at once, an unreachable server is not', async () => {
    const client = new FakeClient();
    client.lists.push(unreachable, new StalledError('cluster/denied', 'forbidden'));
    const { clock, seen } = start(client);
    await clock.advance(500);
    expect(seen).toEqual(['forbidden']);
  });

  it('stop ends a wait and leaves no timer', async () => {
    const client = new FakeClient();
    client.lists.push(unreachable);
    const { clock, watch } = start(client);
    await settle();
    await watch.stop();
    expect(clock.pending()).toBe(0);
  });

  it.each([
    [7, 7_000],
    [86_400, 60_000],
  ])('an API server that asks to wait %d s is left alone for %d ms', async (seconds, waitMs) => {
    const client = new FakeClient();
    const busy = classifyResponse({ code: 429, body: {}, retryAfter: String(seconds), isPrivate: false }, 'watch');
    client.lists.push(page('7', []));
    client.watches.push([busy]);
    const { clock } = start(client);
    await clock.advance(waitMs - 1);
    expect(client.asked).toEqual(['list', 'watch from 7']);
    await clock.advance(1);
    expect(client.asked).toEqual(['list', 'watch from 7', 'watch from 7']);
  });
});
