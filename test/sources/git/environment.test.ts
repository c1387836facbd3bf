import { describe, expect, it } from 'vitest';
import { gitEnvironment, secretsOf } from '../../../src/sources/git/environment.js';
import type { GitEnvironmentOptions } from '../../../src/sources/git/environment.js';

const environmentOf = (options: Partial<GitEnvironmentOptions> = {}) =>
  gitEnvironment({ home: '/data/git/home', protocol: 'https', ...options });

function configOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  const indexes = Array.from({ length: Number(environment.GIT_CONFIG_COUNT) }, (_item, index) => index);
  return Object.fromEntries(
    indexes.map((index) => [environment[`GIT_CONFIG_KEY_${index}`], environment[`GIT_CONFIG_VALUE_${index}`]]),
  ) as Record<string, string>;
}

describe('sources/git/environment', () => {
  it('configuration of the machine and the user has no say', () => {
    expect(environmentOf()).toMatchObject({
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ATTR_NOSYSTEM: '1',
      HOME: '/data/git/home',
      GIT_CEILING_DIRECTORIES: '/data/git',
      GIT_TERMINAL_PROMPT: '0',
    });
  });

  it.each(['https', 'http', 'ssh', 'file'] as const)('%s is the only protocol of a remote that uses it', (protocol) => {
    const environment = environmentOf({ protocol });
    expect(environment.GIT_ALLOW_PROTOCOL).toBe(protocol);
    expect(configOf(environment)).toMatchObject({
      'protocol.allow': 'never',
      [`protocol.${protocol}.allow`]: 'always',
    });
  });

  it('nothing in a repository may run a program or leave the tree', () => {
    expect(configOf(environmentOf())).toMatchObject({
      'core.hooksPath': '/dev/null',
      'core.fsmonitor': 'false',
      'core.symlinks': 'false',
      'submodule.recurse': 'false',
      'filter.lfs.smudge': '',
      'http.followRedirects': 'false',
    });
  });

  it('a token becomes a header for http remotes, with the default user name', () => {
    const header = configOf(environmentOf({ credentials: { password: 'token' } }))['http.extraHeader'];
    expect(header).toBe(`Authorization: Basic ${Buffer.from('x-access-token:token').toString('base64')}`);
  });

  it.each(['ssh', 'file'] as const)('a token is not given to a %s remote', (protocol) => {
    expect(JSON.stringify(environmentOf({ protocol, credentials: { password: 'token' } }))).not.toContain('Basic');
  });

  it('only the search path, proxies and certificate stores are inherited', () => {
    const inherited = { PATH: '/bin', https_proxy: 'http://proxy', GITHUB_TOKEN: 'x', GIT_DIR: '/x', LD_PRELOAD: '/x' };
    const environment = environmentOf({ inherited });
    expect(environment).toMatchObject({ PATH: '/bin', https_proxy: 'http://proxy' });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['GITHUB_TOKEN']));
    expect(environment.GIT_DIR).toBeUndefined();
    expect(environment.LD_PRELOAD).toBeUndefined();
  });

  it('unknown ssh hosts are refused unless the settings trust them', () => {
    expect(environmentOf().GIT_SSH_COMMAND).toContain('StrictHostKeyChecking=yes');
    expect(environmentOf({ credentials: { acceptNewHostKeys: true } }).GIT_SSH_COMMAND).toContain(
      'StrictHostKeyChecking=accept-new',
    );
  });

  it.each(['key', '/a b', '/a;b', '/a$(b)', "/a'b", '/%h', '/a\nb', '-x'])('a key path %j is refused', (sshKeyFile) => {
    expect(() => environmentOf({ credentials: { sshKeyFile } })).toThrowError(/ssh key file/);
  });

  it('the token and its encoded form are secrets', () => {
    expect(secretsOf({ username: 'u', password: 'token' })).toEqual(['token', 'dTp0b2tlbg==']);
    expect(secretsOf(undefined)).toEqual([]);
  });
});
