import { describe, expect, it } from 'vitest';
import type { DockerLogins } from '../../../src/sources/registry/docker-config.js';
import { findLogin } from '../../../src/sources/registry/find-login.js';

const FILE = { username: 'file', password: 'x' };
const logins = new Map([['a.example', FILE]]);
const ask = (helper: string) => Promise.resolve(helper === 'empty' ? undefined : { username: helper, password: 'x' });

describe('sources/registry/find-login', () => {
  it.each<[string, DockerLogins, string, string | undefined]>([
    ['the file', { logins, helpers: new Map() }, 'a.example', 'file'],
    ['nobody', { logins, helpers: new Map() }, 'b.example', undefined],
    ['the helper of the host', { logins, helpers: new Map([['a.example', 'ecr']]), store: 'pass' }, 'a.example', 'ecr'],
    [
      'the helper of all others',
      { logins, helpers: new Map([['b.example', 'ecr']]), store: 'pass' },
      'a.example',
      'pass',
    ],
    ['the file where the helper keeps none', { logins, helpers: new Map(), store: 'empty' }, 'a.example', 'file'],
  ])('is what %s says', async (_who, config, host, username) => {
    expect((await findLogin(config, host, ask))?.username).toBe(username);
  });

  it('no helper is run where that is not wanted', async () => {
    expect(await findLogin({ logins, helpers: new Map(), store: 'pass' }, 'a.example', undefined)).toEqual(FILE);
  });
});
