import { describe, expect, it } from 'vitest';
import { StalledError, TransientError } from '../../../src/base/errors.js';
import type { LoginReference } from '../../../src/driver/core/effects.js';
import { readLogin } from '../../../src/driver/effects/read-login.js';

const PULL = { '.dockerconfigjson': '{"auths":{}}' };
const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'home/ghcr-pull': PULL,
  'shared/ghcr-pull': PULL,
  'home/other': { password: 'sentinel' },
};

function read(login: LoginReference, sharedNamespaces: readonly string[] = []) {
  const sources = {
    workspace: {
      secrets: () => Promise.resolve({ 'web.PULL': 'user:pass' }),
      settings: () => Promise.resolve({ settings: {}, secretKeys: [] }),
    },
    secrets: { readSecret: (namespace: string, name: string) => Promise.resolve(SECRETS[`${namespace}/${name}`]) },
    sharedNamespaces,
  };
  return readLogin(sources, login, new AbortController().signal);
}

function secret(namespace: string, name: string, isForeign = false): LoginReference {
  return { kind: 'secret', namespace, name, isForeign };
}

describe('driver/effects/read-login', () => {
  it('a pull secret of the own namespace is read', async () => {
    expect(await read(secret('home', 'ghcr-pull'))).toEqual({ id: 'Secret home/ghcr-pull', text: '{"auths":{}}' });
  });

  it('a secret of the stack configuration is read', async () => {
    expect(await read({ kind: 'config', key: 'web.PULL' })).toEqual({ id: 'prodesk:web.PULL', text: 'user:pass' });
  });

  it('a pull secret of another namespace is refused, unless the daemon shares that namespace', async () => {
    const refused = read(secret('shared', 'ghcr-pull', true), ['other']);
    await expect(refused).rejects.toThrowError(/--pull-secret-namespaces shared/);
    expect(await read(secret('shared', 'ghcr-pull', true), ['shared'])).toMatchObject({ text: '{"auths":{}}' });
  });

  it.each([
    ['that is not there may come later', secret('home', 'absent'), TransientError, /there is no Secret home\/absent/],
    ['of another kind is of no use', secret('home', 'other'), StalledError, /Secret home\/other is not a pull secret/],
    [
      'that is not set names the command',
      { kind: 'config', key: 'web.X' },
      StalledError,
      /config set --secret prodesk:web.X/,
    ],
  ] as const)('one %s', async (_what, login, kind, message) => {
    const failure: unknown = await read(login).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ code: 'registry/denied', message: expect.stringMatching(message) as string });
    expect(String(failure)).not.toContain('sentinel');
  });
});
