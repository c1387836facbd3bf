import { describe, expect, it } from 'vitest';
import { alphabetical, digest, newestBuild, semver } from '../../../src/app/image-policy.js';
import { StalledError, TransientError } from '../../../src/base/errors.js';
import type { Follower, LoginReference } from '../../../src/driver/core/effects.js';
import { listBuilds } from '../../../src/driver/effects/list-builds.js';
import type { LoginSources } from '../../../src/driver/effects/read-login.js';
import { pollGit } from '../../../src/driver/effects/poll-git.js';
import type { GitSource } from '../../../src/sources/git/port.js';
import type { DescribeOptions, ImageBuild, Registry, TagList } from '../../../src/sources/registry/port.js';

const IMAGE = 'ghcr.io/acme/web';
const POLICY = newestBuild(IMAGE, { allow: '^master-', platform: 'linux/arm64' });
const { signal } = new AbortController();

const FOLLOWERS: readonly Follower[] = [{ app: 'web', policy: POLICY }];

const LOGINS: LoginSources = {
  workspace: {
    secrets: () => Promise.resolve({ 'web.PULL': 'user:pass' }),
    settings: () => Promise.resolve({ settings: { cosign: 'PEM' }, secretKeys: [] }),
  },
  secrets: { readSecret: () => Promise.resolve(undefined) },
  sharedNamespaces: [],
};

function registry(list: TagList | Error, builds: Readonly<Record<string, ImageBuild>> = {}) {
  const described: string[] = [];
  const asked: DescribeOptions[] = [];
  const logins: unknown[] = [];
  let listed = 0;
  const fake: Pick<Registry, 'listTags' | 'describe' | 'verify'> = {
    verify: () => Promise.reject(new Error('not asked for')),
    listTags: (_image, options) => {
      listed += 1;
      logins.push(options?.login);
      return list instanceof Error ? Promise.reject(list) : Promise.resolve(list);
    },
    describe: (image, tag, options) => {
      described.push(`${image}:${tag} ${options.platforms.join(' ')}`);
      asked.push(options);
      return Promise.resolve(builds[tag]);
    },
  };
  const run = (followers = FOLLOWERS, login: { login?: LoginReference } = {}) =>
    listBuilds(fake, LOGINS, { type: 'listBuilds', poll: 'key', followers, ...login }, signal);
  return { described, asked, logins, listed: () => listed, list: run };
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
  const found = (...builds: ImageBuild[]) => [{ app: 'web', policy: POLICY, builds }];

  it('asks only about tags that the policy allows, for its platform', async () => {
    const { described, list } = registry({ kind: 'found', tags: ['dev-1', 'master-1'] }, { 'master-1': one });
    expect(await list()).toEqual({ type: 'buildsListed', poll: 'key', found: found(one) });
    expect(described).toEqual([`${IMAGE}:master-1 linux/arm64`]);
  });

  it('leaves out a tag that is gone, or has no image for the platform', async () => {
    const { list } = registry({ kind: 'found', tags: ['master-1', 'master-2'] }, { 'master-1': one });
    expect(await list()).toMatchObject({ found: found(one) });
  });

  it('asks for the tags once and about each build once for all followers, and answers each by its own policy', async () => {
    const tags = ['master-1', 'master-2', 'dev-1'];
    const builds = Object.fromEntries(tags.map((tag, index) => [tag, { tag, digest: 'd', createdAt: index }]));
    const { described, listed, list } = registry({ kind: 'found', tags }, builds);
    const followers = [
      { app: 'a', policy: newestBuild(IMAGE, { allow: '^master-' }) },
      { app: 'b', policy: newestBuild(IMAGE, { allow: '1$' }) },
    ];
    expect(await list(followers)).toMatchObject({
      found: [
        { app: 'a', builds: [{ tag: 'master-1' }, { tag: 'master-2' }] },
        { app: 'b', builds: [{ tag: 'master-1' }, { tag: 'dev-1' }] },
      ],
    });
    expect(listed()).toBe(1);
    expect(described).toHaveLength(3);
  });

  it.each([
    ['the highest version', semver(IMAGE), ['1.9.0', '1.10.0', 'latest'], ['1.10.0']],
    [
      'the next one where the highest has no image',
      semver(IMAGE),
      ['1.9.0', '2.0.0-gone', '2.0.0'],
      ['2.0.0', '1.9.0'],
    ],
    ['the last tag', alphabetical(IMAGE), ['a', 'b', '2.0.0'], ['b']],
  ])('asks about %s and no other tag', async (_what, policy, tags, expected) => {
    const usable = tags.filter((tag) => !tag.startsWith('2.'));
    const builds = Object.fromEntries(usable.map((tag) => [tag, { tag, digest: 'd' }]));
    const { described, list } = registry({ kind: 'found', tags }, builds);
    expect(await list([{ app: 'web', policy }])).toMatchObject({ found: [{ builds: [{ tag: expected.at(-1) }] }] });
    expect(described).toEqual(expected.map((tag) => `${IMAGE}:${tag} linux/amd64`));
  });

  it('gives up after 20 tags without a usable image', async () => {
    const tags = Array.from({ length: 100 }, (_item, index) => `1.0.${index}`);
    const { described, list } = registry({ kind: 'found', tags });
    expect(await list([{ app: 'web', policy: semver(IMAGE) }])).toMatchObject({ found: [{ builds: [] }] });
    expect(described).toHaveLength(20);
  });

  it('does not list tags for a policy that follows one tag', async () => {
    const { asked, listed, list } = registry({ kind: 'found', tags: [] }, { stable: { ...one, tag: 'stable' } });
    const policy = digest(IMAGE, { tag: 'stable' });
    expect(await list([{ app: 'web', policy }])).toMatchObject({ found: [{ builds: [{ digest: 'sha256:1' }] }] });
    expect(listed()).toBe(0);
    expect(asked).toMatchObject([{ platforms: ['linux/amd64'], remembered: false }]);
  });

  it('asks with the login that the followers name', async () => {
    const { asked, logins, list } = registry({ kind: 'found', tags: ['master-1'] }, { 'master-1': one });
    await list(FOLLOWERS, { login: { kind: 'config', key: 'web.PULL' } });
    const login = { id: 'prodesk:web.PULL', text: 'user:pass' };
    expect(logins).toEqual([login]);
    expect(asked).toMatchObject([{ login }]);
  });

  it('does not ask without the login that they name', async () => {
    const { listed, list } = registry({ kind: 'found', tags: ['master-1'] });
    expect(await list(FOLLOWERS, { login: { kind: 'config', key: 'web.OTHER' } })).toMatchObject({
      type: 'registryFailed',
      problem: { code: 'registry/denied', message: expect.stringContaining('prodesk:web.OTHER') as string },
    });
    expect(listed()).toBe(0);
  });

  it.each([
    ['absent', { kind: 'absent' } as const, `there is no repository ${IMAGE}`],
    ['denied', { kind: 'denied', message: 'log in first' } as const, 'log in first'],
  ])('a repository that is %s has no builds, and a person is told why', async (_what, answer, message) => {
    expect(await registry(answer).list()).toEqual({
      type: 'buildsListed',
      poll: 'key',
      found: found(),
      problem: { code: 'registry/denied', message },
    });
  });

  it('a registry that asks for patience ends as a failure that says for how long', async () => {
    const { list } = registry(new TransientError('registry/rate-limited', '429', { retryAfterMs: 60_000 }));
    expect(await list()).toEqual({
      type: 'registryFailed',
      poll: 'key',
      problem: { code: 'registry/rate-limited', message: '429' },
      retryAfterMs: 60_000,
    });
  });

  it('a build that cannot be read ends as a failure, and not as a list without it', async () => {
    const fake: Pick<Registry, 'listTags' | 'describe' | 'verify'> = {
      verify: () => Promise.reject(new Error('not asked for')),
      listTags: () => Promise.resolve({ kind: 'found', tags: ['master-1', 'master-2'] }),
      describe: (_image, tag) =>
        tag === 'master-2' ? Promise.reject(new TransientError('registry/unavailable', '500')) : Promise.resolve(one),
    };
    const effect = { type: 'listBuilds', poll: 'key', followers: FOLLOWERS } as const;
    expect(await listBuilds(fake, LOGINS, effect, signal)).toMatchObject({ type: 'registryFailed' });
  });
});
