import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { CancelledError } from '../../src/base/errors.js';
import { silentLogger } from '../../src/base/logger.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import type { Registry } from '../../src/sources/registry/port.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { Fault, FakeRegistry } from '../support/fake-registry.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';
const REPOSITORY = 'sijunkim/friend-app';
const NOW = Date.parse('2026-11-24T12:00:00Z');
const FOR_AMD64 = { platforms: ['linux/amd64'] };

describe('sources/registry under faults', () => {
  let fake: FakeRegistry;
  let registry: Registry;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    fake = await startFakeRegistry();
    registry = createRegistry({
      endpoints: fake.endpoints('ghcr.io'),
      timeoutMs: 3_000,
      userAgent: 'prodesk-test',
      clock: { ...systemClock, now: () => now },
      logger: silentLogger,
    });
    fake.addImage(REPOSITORY, 'master-1');
  });
  afterEach(async () => {
    await registry.close();
    await fake.stop();
  });

  it.each<[string, Fault, string, string]>([
    ['status 500', { status: 500 }, 'registry/unavailable', 'retry'],
    ['status 503', { status: 503 }, 'registry/unavailable', 'retry'],
    ['a body that is cut', { how: 'cut' }, 'registry/unavailable', 'retry'],
    ['no answer', { how: 'hang' }, 'registry/unavailable', 'retry'],
    ['a connection that ends each time', { how: 'reset' }, 'registry/unavailable', 'retry'],
    ['a page that is not JSON', { body: '<html>maintenance</html>' }, 'registry/invalid', 'stalled'],
    ['JSON of another shape', { body: '{"tags":"a"}' }, 'registry/invalid', 'stalled'],
    ['status 418', { status: 418 }, 'registry/invalid', 'stalled'],
    ['a body without end', { body: `{"tags":["${'x'.repeat(17 * 1024 * 1024)}"]}` }, 'registry/invalid', 'stalled'],
  ])('%s in the tag list is an error of its kind', async (_name, fault, code, disposition) => {
    const end = fake.fail({ on: 'tags', ...fault });
    await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code, disposition });
    end();
    expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: ['master-1'] });
  });

  it('a kept-alive connection that ended meanwhile is opened again without an error', async () => {
    fake.fail({ on: 'tags', how: 'reset', times: 1 });
    expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'found' });
  });

  it.each([
    ['seconds', '120', 120_000],
    ['a date', 'Tue, 24 Nov 2026 12:01:00 GMT', 60_000],
    ['a year', '31536000', 3_600_000],
    ['nothing', undefined, undefined],
    ['nonsense', 'soon', undefined],
  ])('status 429 with %s in Retry-After tells how long to wait', async (_name, header, retryAfterMs) => {
    fake.fail({ on: 'tags', status: 429, ...(header === undefined ? {} : { headers: { 'retry-after': header } }) });
    const failure = registry.listTags(IMAGE);
    await expect(failure).rejects.toMatchObject({ code: 'registry/rate-limited', disposition: 'retry' });
    expect(((await failure.catch((error: unknown) => error)) as { retryAfterMs?: number }).retryAfterMs).toBe(
      retryAfterMs,
    );
  });

  it('after status 429 the registry is left alone until the pause is over', async () => {
    fake.fail({ on: 'any', status: 429, headers: { 'retry-after': '60' }, times: 1 });
    await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    now += 20_000;
    await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toMatchObject({ retryAfterMs: 40_000 });
    expect(fake.requests).toHaveLength(1);
    now += 40_000;
    expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'found' });
  });

  it.each(['manifest', 'blob'] as const)('a %s that does not match its digest is refused', async (on) => {
    fake.fail({ on, how: 'corrupt' });
    await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toMatchObject({
      code: 'registry/invalid',
    });
  });

  it('a configuration that the registry lost is refused', async () => {
    fake.fail({ on: 'blob', status: 404 });
    await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toMatchObject({
      code: 'registry/invalid',
    });
  });

  it('an abort ends a request at once and is not a failure', async () => {
    fake.fail({ how: 'hang' });
    const stop = new AbortController();
    const failure = registry.listTags(IMAGE, { signal: stop.signal });
    await expect.poll(() => fake.requests.length).toBe(1);
    stop.abort(new CancelledError('cancelled/shutdown', 'the daemon stops'));
    await expect(failure).rejects.toMatchObject({ code: 'cancelled/shutdown' });
  });

  it('a closed port is unavailable', async () => {
    await fake.stop();
    await expect(registry.listTags(IMAGE)).rejects.toMatchObject({
      code: 'registry/unavailable',
      disposition: 'retry',
    });
  });

  describe('a Link header', () => {
    it.each([
      ['another host', '<http://203.0.113.9/v2/x/tags/list?n=1>; rel="next"'],
      ['another path', '</v2/other/tags/list?last=a>; rel="next"'],
      ['another scheme', '<file:///v2/sijunkim/friend-app/tags/list>; rel="next"'],
    ])('to %s is refused', async (_name, link) => {
      fake.fail({ on: 'tags', headers: { link } });
      await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/invalid' });
      expect(fake.requests).toHaveLength(1);
    });

    it('to a page that is not there is not taken for the end', async () => {
      fake.fail({ on: 'tags', times: 1, headers: { link: `</v2/${REPOSITORY}/tags/list?last=a>; rel="next"` } });
      fake.fail({ on: 'tags', status: 404 });
      await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/unavailable' });
    });

    it('to the same page is refused', async () => {
      fake.fail({ on: 'tags', headers: { link: `</v2/${REPOSITORY}/tags/list?n=1000>; rel="next"` } });
      await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/invalid' });
    });

    it('in a circle is refused', async () => {
      fake.fail({ on: 'tags', times: 1, headers: { link: `</v2/${REPOSITORY}/tags/list?last=a>; rel="next"` } });
      fake.fail({ on: 'tags', times: 1, headers: { link: `</v2/${REPOSITORY}/tags/list?last=b>; rel="next"` } });
      fake.fail({ on: 'tags', headers: { link: `</v2/${REPOSITORY}/tags/list?last=a>; rel="next"` } });
      await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/invalid' });
      expect(fake.requests).toHaveLength(3);
    });

    it('on page after page without end is given up', async () => {
      for (let page = 0; page < 600; page += 1) {
        fake.fail({
          on: 'tags',
          times: 1,
          headers: { link: `</v2/${REPOSITORY}/tags/list?last=${page}>; rel="next"` },
        });
      }
      await expect(registry.listTags(IMAGE)).rejects.toThrowError(/has no end \(500 pages read\)/);
    });
  });
});
