import { describe, expect, it } from 'vitest';
import { loginOfText, parseDockerConfigJson, registryHostOf } from '../../../src/sources/registry/docker-config.js';

const encode = (text: string): string => Buffer.from(text).toString('base64');
const parse = (auths: unknown) => [...parseDockerConfigJson(JSON.stringify({ auths }), 'config.json').logins];

describe('sources/registry/docker-config', () => {
  describe('parseDockerConfigJson', () => {
    it.each([
      'ghcr.io',
      'https://ghcr.io',
      'https://ghcr.io/',
      'http://ghcr.io',
      'GHCR.io',
      'ghcr.io/',
      'https://ghcr.io/v2/',
    ])('the host written as %s is ghcr.io', (host) => {
      expect(parse({ [host]: { auth: encode('user:token') } })).toEqual([
        ['ghcr.io', { username: 'user', password: 'token' }],
      ]);
    });

    it.each([
      ['auth', { auth: encode('user:pa:ss') }, { username: 'user', password: 'pa:ss' }],
      ['user name and password', { username: 'user', password: 'pass' }, { username: 'user', password: 'pass' }],
      [
        'both, of which the plain ones count',
        { username: 'a', password: 'b', auth: encode('c:d') },
        { username: 'a', password: 'b' },
      ],
      ['an empty password', { auth: encode('user:') }, { username: 'user', password: '' }],
    ])('%s gives the login', (_name, entry, login) => {
      expect(parse({ 'ghcr.io': entry })).toEqual([['ghcr.io', login]]);
    });

    it.each([
      ['nothing', {}],
      ['text that is not base64', { auth: '!!!' }],
      ['no colon', { auth: encode('user') }],
      ['an empty user', { auth: encode(':x') }],
      ['only a user', { username: 'user' }],
    ])('an entry with %s holds no login', (_name, entry) => {
      expect(parse({ 'ghcr.io': entry })).toEqual([]);
    });

    it('credential helpers are named by host, and the one of all others', () => {
      const text = JSON.stringify({
        credsStore: 'pass',
        credHelpers: { 'https://index.docker.io/v1/': 'hub', 'x.example': 'ecr' },
      });
      const { logins, helpers, store } = parseDockerConfigJson(text, 'config.json');
      expect([...logins]).toEqual([]);
      expect([...helpers]).toEqual([
        ['registry-1.docker.io', 'hub'],
        ['x.example', 'ecr'],
      ]);
      expect(store).toBe('pass');
    });

    it.each(['sentinel', '["sentinel"]', '{"auths":"sentinel"}', '{"auths":{"ghcr.io":{"auth":["sentinel"]}}}'])(
      '%s is refused with the name of the file and without what is in it',
      (text) => {
        const act = () => parseDockerConfigJson(text, 'the Secret ghcr-pull');
        expect(act).toThrowError(/the Secret ghcr-pull/);
        expect(act).toThrowError(expect.objectContaining({ code: 'config/invalid' }) as Error);
        expect(act).not.toThrowError(/sentinel/);
      },
    );
  });

  describe('loginOfText', () => {
    it.each([
      ['a Docker configuration', JSON.stringify({ auths: { 'ghcr.io': { auth: encode('user:pa:ss') } } })],
      ['user and password', 'user:pa:ss'],
      ['user and password with a line end', 'user:pa:ss\n'],
    ])('%s is a login', (_what, text) => {
      expect(loginOfText(text, 'ghcr.io', 'x')).toEqual({ username: 'user', password: 'pa:ss' });
    });

    it('a Docker configuration without the host holds none', () => {
      expect(loginOfText('{"auths":{"ghcr.io":{"auth":"dTpw"}}}', 'x.example', 'x')).toBeUndefined();
    });

    it.each(['sentinel', ':sentinel', ''])('"%s" is refused with its source and without what is in it', (text) => {
      const act = () => loginOfText(text, 'ghcr.io', 'Secret home/ghcr-pull');
      expect(act).toThrowError(/Secret home\/ghcr-pull/);
      expect(act).not.toThrowError(/sentinel/);
    });
  });

  it.each([
    ['https://index.docker.io/v1/', 'registry-1.docker.io'],
    ['docker.io', 'registry-1.docker.io'],
    ['registry-1.docker.io', 'registry-1.docker.io'],
    ['localhost:5000', 'localhost:5000'],
  ])('%s is the host %s', (name, host) => {
    expect(registryHostOf(name)).toBe(host);
  });
});
