import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImagePolicy } from '../../src/app/image-policy.js';
import { digest, newestBuild, semver } from '../../src/app/image-policy.js';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { listBuilds } from '../../src/driver/effects/list-builds.js';
import type { Registry } from '../../src/sources/registry/port.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { FakeRegistry } from '../support/fake-registry.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';
const REPOSITORY = 'sijunkim/friend-app';
const NEWEST = newestBuild(IMAGE, { allow: '^master-' });
const NO_LOGINS = {
  workspace: {
    secrets: () => Promise.resolve({}),
    settings: () => Promise.resolve({ settings: {}, secretKeys: [] }),
  },
  secrets: { readSecret: () => Promise.resolve(undefined) },
  sharedNamespaces: [],
};

describe('sources/registry across polls and restarts', () => {
  const registries: Registry[] = [];
  let fake: FakeRegistry;
  let directory: string;
  let now = Date.parse('2026-11-24T12:00:00Z');

  beforeEach(async () => {
    fake = await startFakeRegistry({ etags: true });
    directory = await mkdtemp(join(tmpdir(), 'prodesk-builds-'));
  });
  afterEach(async () => {
    await Promise.all(registries.splice(0).map((registry) => registry.close()));
    await fake.stop();
    await rm(directory, { recursive: true });
  });

  const start = (): Registry => {
    const registry = createRegistry({
      endpoints: fake.endpoints('ghcr.io'),
      buildsDirectory: directory,
      timeoutMs: 10_000,
      userAgent: 'prodesk-test',
      clock: { ...systemClock, now: () => now },
      logger: silentLogger,
    });
    registries.push(registry);
    return registry;
  };
  /** One poll: the newest tag that it found, and the requests that it cost by what they asked for. */
  const poll = async (registry: Registry, policy: ImagePolicy = NEWEST) => {
    const before = fake.requests.length;
    const effect = { type: 'listBuilds', poll: 'key', followers: [{ app: 'web', policy }] } as const;
    const event = await listBuilds(registry, NO_LOGINS, effect, new AbortController().signal);
    const builds = event.type === 'buildsListed' ? (event.found[0]?.builds ?? []) : [];
    const newest = [...builds].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
    const cost: Record<string, number> = {};
    for (const { method, kind } of fake.requests.slice(before)) {
      cost[`${method} ${kind}`] = (cost[`${method} ${kind}`] ?? 0) + 1;
    }
    return { tag: newest?.tag, digest: newest?.digest, cost };
  };
  const add = (tag: string, time: number, platforms = ['linux/amd64']): string =>
    fake.addImage(REPOSITORY, tag, { createdAt: new Date(time), platforms });

  it('with 3,000 tags a poll without news costs its pages, also after a restart, and news cost the new build', async () => {
    for (let index = 0; index < 3000; index += 1) {
      add(`master-${index}`, 1_000_000 + index * 1000);
    }
    const first = start();
    expect(await poll(first)).toMatchObject({ tag: 'master-2999', cost: { 'GET tags': 3, 'GET manifest': 3000 } });
    expect((await poll(first)).cost).toEqual({ 'GET tags': 3 });
    await first.close();

    const second = start();
    expect(await poll(second)).toMatchObject({ tag: 'master-2999', cost: { 'GET tags': 3 } });
    add('master-new', 9_000_000_000);
    expect(await poll(second)).toEqual({
      tag: 'master-new',
      digest: expect.stringMatching(/^sha256:/) as string,
      cost: { 'GET tags': 4, 'GET manifest': 1, 'GET blob': 1 },
    });
  }, 60_000);

  it('a poll after one that failed costs what is not known yet', async () => {
    for (let index = 0; index < 20; index += 1) {
      add(`master-${index}`, 1000 * index);
    }
    const registry = start();
    await poll(registry);
    add('master-20', 99_000);
    const heal = fake.fail({ on: 'blob', status: 500 });
    expect((await poll(registry)).tag).toBeUndefined();
    heal();
    expect(await poll(registry)).toMatchObject({ tag: 'master-20', cost: { 'GET manifest': 1, 'GET blob': 1 } });
  });

  it('a tag that is pushed again stays what it was for tags that count as fixed, and is news for one that moves', async () => {
    const before = add('master-1', 1000);
    const registry = start();
    await poll(registry);
    await poll(registry, digest(IMAGE, { tag: 'master-1' }));
    const after = add('master-1', 2000);
    expect(await poll(registry)).toMatchObject({ digest: before, cost: { 'GET tags': 1 } });
    const { digest: seen, cost } = await poll(registry, digest(IMAGE, { tag: 'master-1' }));
    expect(seen).toBe(after);
    expect(cost).toEqual({ 'HEAD manifest': 1, 'GET manifest': 1, 'GET blob': 1 });
    expect((await poll(registry, digest(IMAGE, { tag: 'master-1' }))).cost).toEqual({ 'HEAD manifest': 1 });
  });

  it('a tag that was deleted and comes back is looked at again', async () => {
    add('master-1', 1000);
    const registry = start();
    await poll(registry);
    fake.removeTag(REPOSITORY, 'master-1');
    await poll(registry);
    const after = add('master-1', 2000);
    expect((await poll(registry)).digest).toBe(after);
  });

  it('an index that lacks the platform is asked about for an hour, then no more', async () => {
    add('master-1', 1000, ['linux/arm64', 'linux/arm/v7']);
    const registry = start();
    expect((await poll(registry)).tag).toBeUndefined();
    expect((await poll(registry)).cost).toMatchObject({ 'HEAD manifest': 1 });
    add('master-1', 1000, ['linux/arm64', 'linux/amd64']);
    expect((await poll(registry)).tag).toBe('master-1');
    add('master-2', 1000, ['linux/arm64', 'linux/arm/v7']);
    await poll(registry);
    now += 3_600_001;
    expect((await poll(registry)).cost).toEqual({ 'GET tags': 1 });
  });

  it('versions cost the best one alone, once', async () => {
    for (const tag of ['1.0.0', '1.1.0', '2.0.0']) {
      add(tag, 1000);
    }
    const policy = semver(IMAGE, { range: '1.x' });
    const registry = start();
    expect(await poll(registry, policy)).toMatchObject({ tag: '1.1.0', cost: { 'GET manifest': 1, 'GET blob': 1 } });
    expect(await poll(registry, policy)).toMatchObject({ tag: '1.1.0', cost: { 'GET tags': 1 } });
  });

  it('a file that was damaged costs requests and nothing else', async () => {
    add('master-1', 1000);
    const first = start();
    await poll(first);
    await first.close();
    const [name = ''] = await readdir(directory);
    await writeFile(join(directory, name), '{"version":');
    expect(await poll(start())).toMatchObject({ tag: 'master-1', cost: { 'GET blob': 1 } });
  });
});
