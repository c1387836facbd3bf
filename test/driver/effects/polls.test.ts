import { describe, expect, it } from 'vitest';
import { newestBuild } from '../../../src/app/image-policy.js';
import { StalledError, TransientError } from '../../../src/base/errors.js';
import { listBuilds } from '../../../src/driver/effects/list-builds.js';
import { pollGit } from '../../../src/driver/effects/poll-git.js';
import type { GitSource } from '../../../src/sources/git/port.js';
import type { ImageBuild, Registry, TagList } from '../../../src/sources/registry/port.js';

const IMAGE = 'ghcr.io/acme/web';
const POLICY = newestBuild(IMAGE, { allow: '^master-', platform: 'linux/arm64' });
const { signal } = new AbortController();

function registry(list: TagList | Error, builds: Readonly<Record<string, ImageBuild>> = {}) {
  const described: string[] = [];
  const fake: Registry = {
    listTags: () => (list instanceof Error ? Promise.reject(list) : Promise.resolve(list)),
    describe: (image, tag, platform) => {
      described.push(`${image}:${tag} ${platform}`);
      return Promise.resolve(builds[tag]);
    },
  };
  return { described, list: () => listBuilds(fake, 'web', POLICY, signal) };
}

describe('driver/effects/poll-git', () => {
  it('ends as the head that was seen', async () => {
    const git: Pick<GitSource, 'head'> = { head: () => Promise.resolve('c1') };
    expect(await pollGit(git as GitSource, signal)).toEqual({ type: 'headSeen', commit: 'c1' });
  });

  it.each([
    ['unreachable', new TransientError('git/unreachable', 'no route', { retryAfterMs: 9 }), 'git/unreachable', 9],
    ['without the branch', new StalledError('git/unknown-revision', 'no branch'), 'git/unknown-revision', undefined],
    ['broken in an unknown way', new Error('what'), 'git/unreachable', undefined],
  ])('a remote that is %s ends as a failure', async (_what, error, code, retryAfterMs) => {
    const git: Pick<GitSource, 'head'> = { head: () => Promise.reject(error) };
    const event = await pollGit(git as GitSource, signal);
    expect(event).toMatchObject({ type: 'gitFailed', problem: { code } });
    expect('retryAfterMs' in event ? event.retryAfterMs : undefined).toBe(retryAfterMs);
  });
});

describe('driver/effects/list-builds', () => {
  const one: ImageBuild = { tag: 'master-1', digest: 'sha256:1', createdAt: 1 };

  it('asks only about tags that the policy allows, for its platform', async () => {
    const { described, list } = registry({ kind: 'found', tags: ['dev-1', 'master-1'] }, { 'master-1': one });
    expect(await list()).toEqual({ type: 'buildsListed', app: 'web', image: IMAGE, builds: [one] });
    expect(described).toEqual([`${IMAGE}:master-1 linux/arm64`]);
  });

  it('leaves out a tag that is gone, or has no image for the platform', async () => {
    const { list } = registry({ kind: 'found', tags: ['master-1', 'master-2'] }, { 'master-1': one });
    expect(await list()).toMatchObject({ builds: [one] });
  });

  it.each([
    ['absent', { kind: 'absent' } as const, `there is no repository ${IMAGE}`],
    ['denied', { kind: 'denied', message: 'log in first' } as const, 'log in first'],
  ])('a repository that is %s has no builds, and a person is told why', async (_what, answer, message) => {
    expect(await registry(answer).list()).toEqual({
      type: 'buildsListed',
      app: 'web',
      image: IMAGE,
      builds: [],
      problem: { code: 'registry/denied', message },
    });
  });

  it('a registry that asks for patience ends as a failure that says for how long', async () => {
    const { list } = registry(new TransientError('registry/rate-limited', '429', { retryAfterMs: 60_000 }));
    expect(await list()).toEqual({
      type: 'registryFailed',
      app: 'web',
      image: IMAGE,
      problem: { code: 'registry/rate-limited', message: '429' },
      retryAfterMs: 60_000,
    });
  });

  it('a build that cannot be read ends as a failure, and not as a list without it', async () => {
    const fake: Registry = {
      listTags: () => Promise.resolve({ kind: 'found', tags: ['master-1', 'master-2'] }),
      describe: (_image, tag) =>
        tag === 'master-2' ? Promise.reject(new TransientError('registry/unavailable', '500')) : Promise.resolve(one),
    };
    expect(await listBuilds(fake, 'web', POLICY, signal)).toMatchObject({ type: 'registryFailed' });
  });
});
