import { describe, expect, it } from 'vitest';
import type { PullSecret } from '../../../src/app/image-policy.js';
import { newestBuild, semver } from '../../../src/app/image-policy.js';
import { loginOf, pollKey } from '../../../src/driver/core/followed.js';

const WEB = { name: 'web', namespace: 'home' };
const key = (pullSecret: PullSecret, app = WEB): string => pollKey(app, newestBuild('ghcr.io/o/a', { pullSecret }));

describe('driver/core/followed', () => {
  it.each<[string, PullSecret | undefined, object | undefined]>([
    ['no login', undefined, undefined],
    ['a pull secret', 'pull', { kind: 'secret', namespace: 'home', name: 'pull', isForeign: false }],
    [
      'a pull secret that names the own namespace',
      { name: 'pull', namespace: 'home' },
      { kind: 'secret', namespace: 'home', name: 'pull', isForeign: false },
    ],
    [
      'a pull secret of another namespace',
      { name: 'pull', namespace: 'shared' },
      { kind: 'secret', namespace: 'shared', name: 'pull', isForeign: true },
    ],
    ['a secret of the stack configuration', { config: 'PULL' }, { kind: 'config', key: 'web.PULL' }],
  ])('%s is where the policy says', (_what, pullSecret, expected) => {
    const policy = newestBuild('ghcr.io/o/a', pullSecret === undefined ? {} : { pullSecret });
    expect(loginOf(WEB, policy)).toEqual(expected);
  });

  it('polls are shared by image, platforms and login, whatever the policy', () => {
    expect(pollKey(WEB, newestBuild('a', { allow: 'x' }))).toBe(pollKey({ ...WEB, name: 'shop' }, semver('a')));
    expect(pollKey(WEB, newestBuild('a'))).not.toBe(pollKey(WEB, newestBuild('b')));
    expect(pollKey(WEB, newestBuild('a'))).not.toBe(pollKey(WEB, newestBuild('a', { platform: 'linux/arm64' })));
    expect(key('pull')).toBe(key({ name: 'pull', namespace: 'home' }, { ...WEB, name: 'shop' }));
    const apart = [
      pollKey(WEB, newestBuild('ghcr.io/o/a')),
      key('pull'),
      key('other'),
      key('pull', { ...WEB, namespace: 'b' }),
      key({ name: 'pull', namespace: 'home' }, { ...WEB, namespace: 'b' }),
      key({ config: 'P' }),
      key({ config: 'P' }, { ...WEB, name: 'shop' }),
    ];
    expect(new Set(apart).size).toBe(apart.length);
  });
});
