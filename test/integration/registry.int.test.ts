import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import type { Registry } from '../../src/sources/registry/port.js';
import type { RegistryOptions } from '../../src/sources/registry/registry.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { FakeImageOptions } from '../support/fake-registry-store.js';
import type { FakeRegistry, FakeRegistryOptions } from '../support/fake-registry.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';
const REPOSITORY = 'sijunkim/friend-app';
const AMD64 = 'linux/amd64';
const FOR_AMD64 = { platforms: ['linux/amd64'] };

describe('sources/registry', () => {
  const running: { stop(): Promise<void> }[] = [];
  let fake: FakeRegistry;
  let registry: Registry;
  const start = async (options: FakeRegistryOptions = {}, client: Partial<RegistryOptions> = {}): Promise<void> => {
    fake = await startFakeRegistry(options);
    registry = createRegistry({
      endpoints: fake.endpoints('ghcr.io'),
      timeoutMs: 5000,
      userAgent: 'prodesk-test',
      clock: systemClock,
      logger: silentLogger,
      ...client,
    });
    running.push({ stop: () => registry.close() }, fake);
  };

  beforeEach(() => start());
  afterEach(async () => {
    for (const started of running.splice(0)) {
      await started.stop();
    }
  });

  describe('listTags', () => {
    it('a repository gives its tags', async () => {
      fake.addTags(REPOSITORY, ['master-1', 'master-2']);
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: ['master-1', 'master-2'] });
    });

    it('an unknown repository is absent', async () => {
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'absent' });
    });

    it.each([
      [1001, 1000, 2],
      [10_000, 1000, 10],
      [223, 100, 3],
      [1000, 1000, 2],
      [999, 1000, 1],
    ])('%i tags in pages of %i cost %i requests', async (count, pageSize, requests) => {
      await start({ pageSize });
      const tags = Array.from({ length: count }, (_item, index) => `master-${String(index).padStart(6, '0')}`);
      fake.addTags(REPOSITORY, tags);
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags });
      expect(fake.count('tags')).toBe(requests);
    });

    it('a full page without a Link header is followed by its last tag, once when that changes nothing', async () => {
      const tags = Array.from({ length: 1000 }, (_item, index) => `t${index}`);
      fake.addTags(REPOSITORY, tags);
      fake.fail({ on: 'tags', body: JSON.stringify({ tags }) });
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags });
      expect(fake.requests.map(({ url }) => new URL(url, fake.url).search)).toEqual(['?n=1000', '?n=1000&last=t999']);
    });

    it('unchanged pages are confirmed by their entity tag, and a new tag is still seen', async () => {
      await start({ etags: true, pageSize: 2 });
      fake.addTags(REPOSITORY, ['a', 'b', 'c']);
      await registry.listTags(IMAGE);
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: ['a', 'b', 'c'] });
      fake.addTags(REPOSITORY, ['d']);
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: ['a', 'b', 'c', 'd'] });
    });

    it('a repository whose tags are null has none', async () => {
      fake.addTags(REPOSITORY, []);
      fake.fail({ on: 'tags', body: '{"name":"x","tags":null}' });
      expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: [] });
    });
  });

  describe('describe', () => {
    it.each<[string, FakeImageOptions]>([
      ['an OCI image', {}],
      ['a Docker image', { format: 'docker' }],
      ['an OCI index', { platforms: ['linux/arm64', AMD64] }],
      ['a Docker manifest list', { format: 'docker', platforms: ['linux/arm64', AMD64] }],
      ['an index with an attestation', { attestation: true }],
    ])('%s gives its digest and build time', async (_name, options) => {
      const digest = fake.addImage(REPOSITORY, 'master-1', { createdAt: '2026-03-04T05:06:07.123456789Z', ...options });
      const createdAt = Date.parse('2026-03-04T05:06:07.123Z');
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toEqual({ tag: 'master-1', digest, createdAt });
    });

    it.each<[string, FakeImageOptions]>([
      ['an image of another platform', { platforms: ['linux/arm64'] }],
      ['an index without the platform', { platforms: ['linux/arm64', 'linux/arm/v7'] }],
      ['an image of schema 1', { format: 'schema1' }],
      ['a signature', { format: 'artifact' }],
    ])('%s is no build, and is looked at only once', async (_name, options) => {
      fake.addImage(REPOSITORY, 'master-1', options);
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toBeUndefined();
      const asked = fake.count('manifest', 'GET');
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toBeUndefined();
      expect(fake.count('manifest', 'GET')).toBe(asked);
    });

    it.each([null, 'nonsense', '0001-01-01T00:00:00Z'])('a created time of %j is left out', async (createdAt) => {
      fake.addImage(REPOSITORY, 'master-1', { createdAt });
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).not.toHaveProperty('createdAt');
    });

    it('a tag that is gone is no build, before and after it was seen', async () => {
      fake.addImage(REPOSITORY, 'master-1');
      expect(await registry.describe(IMAGE, 'absent', FOR_AMD64)).toBeUndefined();
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toBeDefined();
      fake.removeTag(REPOSITORY, 'master-1');
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toBeUndefined();
    });

    it('a tag that stays where it was costs one HEAD request', async () => {
      fake.addImage(REPOSITORY, 'master-1', { platforms: [AMD64, 'linux/arm64'] });
      const first = await registry.describe(IMAGE, 'master-1', FOR_AMD64);
      const before = fake.requests.length;
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toEqual(first);
      expect(fake.requests.slice(before).map(({ method, kind }) => `${method} ${kind}`)).toEqual(['HEAD manifest']);
    });

    it('a tag that moved gives the new build', async () => {
      fake.addImage(REPOSITORY, 'latest', { createdAt: '2026-01-01T00:00:00Z' });
      await registry.describe(IMAGE, 'latest', FOR_AMD64);
      const digest = fake.addImage(REPOSITORY, 'latest', { createdAt: '2026-02-01T00:00:00Z' });
      const createdAt = Date.parse('2026-02-01T00:00:00Z');
      expect(await registry.describe(IMAGE, 'latest', FOR_AMD64)).toEqual({ tag: 'latest', digest, createdAt });
    });

    it('a registry without HEAD is asked by GET', async () => {
      fake.addImage(REPOSITORY, 'master-1');
      const first = await registry.describe(IMAGE, 'master-1', FOR_AMD64);
      fake.fail({ on: 'manifest', status: 405, times: 1 });
      expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toEqual(first);
    });
  });

  it('many questions at once reach a host four at a time', async () => {
    fake.fail({ on: 'manifest', how: 'hang' });
    const stop = new AbortController();
    const asked = Array.from({ length: 20 }, (_item, index) =>
      registry.describe(IMAGE, `t${index}`, { ...FOR_AMD64, signal: stop.signal }),
    );
    const settled = Promise.allSettled(asked);
    await expect.poll(() => fake.count('manifest')).toBe(4);
    stop.abort();
    expect((await settled).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'rejected'));
    expect(fake.count('manifest')).toBe(4);
  });

  it('an image name that could reach another path is refused without a request', async () => {
    for (const image of ['ghcr.io/../x', 'ghcr.io/a/../../b', 'ghcr.io/A', 'ghcr.io/a?b', 'ghcr.io/a b', 'ghcr.io/']) {
      await expect(registry.listTags(image)).rejects.toMatchObject({ code: 'registry/invalid' });
    }
    expect(fake.requests).toEqual([]);
  });

  it('an unusable endpoint is a configuration error that names its key', () => {
    const options = { timeoutMs: 1, userAgent: 'x', clock: systemClock, logger: silentLogger };
    expect(() => createRegistry({ ...options, endpoints: { 'ghcr.io': { url: 'ghcr.io' } } })).toThrowError(
      /registry\.endpoints\.ghcr\.io\.url/,
    );
    expect(() => createRegistry({ ...options, endpoints: { 'ghcr.io': { caFile: '/absent.pem' } } })).toThrowError(
      /registry\.endpoints\.ghcr\.io\.caFile/,
    );
  });
});
