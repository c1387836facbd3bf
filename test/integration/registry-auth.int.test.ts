import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { messageOf } from '../../src/base/errors.js';
import { silentLogger } from '../../src/base/logger.js';
import { openSecretFile } from '../../src/cli/secret-file.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import type { Registry } from '../../src/sources/registry/port.js';
import type { RegistryOptions } from '../../src/sources/registry/registry.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { FakeRegistry, FakeRegistryOptions } from '../support/fake-registry.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';
const REPOSITORY = 'sijunkim/friend-app';
const LOGIN = { username: 'robot', password: 'sentinel-password' };
const BASIC = `Basic ${Buffer.from('robot:sentinel-password').toString('base64')}`;
const FOUND = { kind: 'found', tags: ['master-1'] };
const FOR_AMD64 = { platforms: ['linux/amd64'] };

describe('sources/registry with authentication', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let now = Date.parse('2026-11-24T12:00:00Z');
  const startFake = async (options: FakeRegistryOptions): Promise<FakeRegistry> => {
    const fake = await startFakeRegistry(options);
    cleanups.push(() => fake.stop());
    fake.addImage(REPOSITORY, 'master-1');
    return fake;
  };
  const clientOf = (options: Partial<RegistryOptions>): Registry => {
    const clock = { ...systemClock, now: () => now };
    const registry = createRegistry({
      timeoutMs: 3000,
      userAgent: 'prodesk-test',
      clock,
      logger: silentLogger,
      ...options,
    });
    cleanups.push(() => registry.close());
    return registry;
  };
  const withLogin = (fake: FakeRegistry, login = LOGIN): Registry =>
    clientOf({ endpoints: { 'ghcr.io': { url: fake.url, ...login } } });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup();
    }
  });

  it('an anonymous token opens a public image, and serves until shortly before it ends', async () => {
    const fake = await startFake({ auth: 'bearer', tokenLifeS: 100 });
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
    for (const step of [0, 0, 85_000]) {
      now += step;
      expect(await registry.listTags(IMAGE)).toEqual(FOUND);
    }
    expect(fake.count('token')).toBe(1);
    now += 6000;
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
    expect(fake.count('token')).toBe(2);
    expect(fake.count('tags')).toBe(5);
  });

  it('the token is asked for with our own scope, whatever the challenge says', async () => {
    const fake = await startFake({ auth: 'bearer' });
    await clientOf({ endpoints: fake.endpoints('ghcr.io') }).listTags(IMAGE);
    const url = new URL(fake.requests.find(({ kind }) => kind === 'token')?.url ?? '', fake.url);
    expect(Object.fromEntries(url.searchParams)).toEqual({ service: 'fake', scope: `repository:${REPOSITORY}:pull` });
  });

  it('questions at the same time share one token request', async () => {
    const fake = await startFake({ auth: 'bearer' });
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
    await Promise.all(Array.from({ length: 8 }, () => registry.listTags(IMAGE)));
    expect(fake.count('token')).toBe(1);
  });

  it('a login file that is replaced, torn and removed amid questions harms none of them', async () => {
    const fake = await startFake({ auth: 'basic', login: LOGIN });
    const folder = await mkdtemp(join(tmpdir(), 'prodesk-login-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const dockerConfigFile = join(folder, 'config.json');
    const good = JSON.stringify({ auths: { 'ghcr.io': LOGIN } });
    await writeFile(dockerConfigFile, good);
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io'), dockerConfigFile });
    const contents = [good, good.slice(0, 20), '', '[]', JSON.stringify({ auths: {} })];
    const asking = Array.from({ length: 60 }, async (_, index) => {
      await (index % 6 === 0
        ? rm(dockerConfigFile, { force: true })
        : writeFile(dockerConfigFile, contents[index % 5] ?? ''));
      return registry.listTags(IMAGE);
    });
    const kinds = new Set((await Promise.all(asking)).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => kind !== 'found' && kind !== 'denied')).toEqual([]);
    await writeFile(dockerConfigFile, `${good}\n`);
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
  });

  it('the login goes to the token service only, and the token to the registry', async () => {
    const fake = await startFake({ auth: 'bearer', login: LOGIN });
    expect(await withLogin(fake).listTags(IMAGE)).toEqual(FOUND);
    const sent = (kind: string) => fake.requests.filter((seen) => seen.kind === kind).map((seen) => seen.authorization);
    expect(sent('token')).toEqual([BASIC]);
    expect(sent('tags')).toEqual([undefined, expect.stringMatching(/^Bearer token-/)]);
  });

  it('a token that was revoked is renewed once', async () => {
    const fake = await startFake({ auth: 'bearer' });
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
    await registry.listTags(IMAGE);
    fake.revokeTokens();
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
    expect(fake.count('token')).toBe(2);
  });

  it('basic authentication works and is sent ahead after the first challenge', async () => {
    const fake = await startFake({ auth: 'basic', login: LOGIN });
    const registry = withLogin(fake);
    await registry.listTags(IMAGE);
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
    expect(fake.requests.map(({ authorization }) => authorization)).toEqual([undefined, BASIC, BASIC]);
  });

  it.each([
    ['a wrong password for the token service', { auth: 'bearer', login: { username: 'other', password: 'x' } }],
    ['a wrong password', { auth: 'basic', login: { username: 'other', password: 'x' } }],
  ] as const)('%s is denied, and the message does not hold it', async (_name, options) => {
    const fake = await startFake(options);
    const registry = withLogin(fake);
    const answer = await registry.listTags(IMAGE);
    expect(answer.kind).toBe('denied');
    expect(JSON.stringify(answer)).not.toMatch(/sentinel|c2VudGluZWw/);
    const failure: unknown = await registry.describe(IMAGE, 'master-1', FOR_AMD64).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'registry/denied', disposition: 'stalled' });
    expect(messageOf(failure)).not.toContain('sentinel');
  });

  it('a registry that refuses every token is denied after one more try', async () => {
    const fake = await startFake({ auth: 'bearer' });
    fake.fail({ on: 'tags', status: 401, headers: { 'www-authenticate': `Bearer realm="${fake.url}/token"` } });
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
    expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'denied' });
    expect(fake.count('tags')).toBe(2);
  });

  it('status 403 is denied', async () => {
    const fake = await startFake({});
    fake.fail({ on: 'tags', status: 403 });
    expect(await clientOf({ endpoints: fake.endpoints('ghcr.io') }).listTags(IMAGE)).toMatchObject({ kind: 'denied' });
  });

  it.each([
    [429, 'registry/rate-limited'],
    [500, 'registry/unavailable'],
  ])('status %i of the token service is %s', async (status, code) => {
    const fake = await startFake({ auth: 'bearer' });
    fake.fail({ on: 'token', status, headers: { 'retry-after': '7' } });
    const failure = clientOf({ endpoints: fake.endpoints('ghcr.io') }).listTags(IMAGE);
    await expect(failure).rejects.toMatchObject({ code, retryAfterMs: 7000 });
  });

  it('a Docker configuration file is used, and a renewed one without a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'docker-config-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const dockerConfigFile = join(directory, 'config.json');
    const write = (auth: string) =>
      writeFile(
        dockerConfigFile,
        JSON.stringify({ auths: { 'https://ghcr.io/': { auth: Buffer.from(auth).toString('base64') } } }),
      );
    const fake = await startFake({ auth: 'basic', login: LOGIN });
    await write('robot:old');
    const registry = clientOf({ endpoints: fake.endpoints('ghcr.io'), dockerConfigFile });
    expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'denied' });
    await write(`${LOGIN.username}:${LOGIN.password}`);
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
    await writeFile(dockerConfigFile, '{ half a file');
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
  });

  it('a password that was renewed in its file is used without a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'password-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, 'old');
    const readPassword = await openSecretFile(passwordFile, 'registries.ghcr.io.passwordFile', silentLogger);
    const fake = await startFake({ auth: 'bearer', login: LOGIN });
    const registry = clientOf({ endpoints: { 'ghcr.io': { url: fake.url, username: LOGIN.username, readPassword } } });
    expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'denied' });
    await writeFile(passwordFile, `${LOGIN.password}\n`);
    expect(await registry.listTags(IMAGE)).toEqual(FOUND);
  });

  describe('a token realm', () => {
    it.each([
      ['the metadata service', 'http://169.254.169.254/token'],
      ['the metadata service by https', 'https://169.254.169.254/token'],
      ['a private address', 'https://192.168.0.1/token'],
      ['a private address inside IPv6', 'https://[::ffff:10.0.0.1]/token'],
      ['another host by http', 'http://203.0.113.5/token'],
      ['a name that resolves to a private address', 'https://inside.example/token'],
      ['a name that resolves to the metadata service', 'https://metadata.example/token'],
      ['a file', 'file:///etc/passwd'],
      ['user info', 'https://user:pass@auth.example/token'],
    ])('at %s is refused, and no credential leaves', async (_name, realm) => {
      const fake = await startFake({ auth: 'bearer', login: LOGIN, realm });
      const names: Record<string, string> = { 'inside.example': '10.1.2.3', 'metadata.example': '169.254.169.254' };
      const registry = clientOf({
        endpoints: { 'ghcr.io': { url: fake.url, ...LOGIN } },
        resolve: (hostname, _options, callback) =>
          callback(null, [{ address: names[hostname] ?? '203.0.113.1', family: 4 }]),
      });
      await expect(registry.listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/invalid' });
      expect(fake.requests).toHaveLength(1);
    });

    it('that redirects is refused, and no credential goes on', async () => {
      const other = await startFake({});
      const fake = await startFake({ auth: 'bearer', login: LOGIN });
      fake.fail({ on: 'token', status: 302, headers: { location: `${other.url}/token` } });
      await expect(withLogin(fake).listTags(IMAGE)).rejects.toMatchObject({ code: 'registry/invalid' });
      expect(other.requests).toEqual([]);
    });

    it('on another port of the same machine is used', async () => {
      const issuer = await startFake({});
      const fake = await startFake({ auth: 'bearer', realm: `${issuer.url}/token` });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      expect(await registry.listTags(IMAGE)).toMatchObject({ kind: 'denied' });
      expect(issuer.count('token')).toBe(1);
    });
  });

  describe('a redirect of a blob', () => {
    it('to another origin is followed without the authorization', async () => {
      const storage = await startFake({});
      const fake = await startFake({ auth: 'bearer' });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      fake.fail({ on: 'blob', status: 307, headers: { location: `${storage.url}/v2/${REPOSITORY}/blobs/wrong` } });
      await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toMatchObject({
        code: 'registry/invalid',
      });
      expect(storage.requests.map(({ kind, authorization }) => ({ kind, authorization }))).toEqual([
        { kind: 'blob', authorization: undefined },
      ]);
    });

    it('to another origin that has it gives the build', async () => {
      const storage = await startFake({});
      const fake = await startFake({});
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      const plain = await registry.describe(IMAGE, 'master-1', FOR_AMD64);
      const blob = fake.requests.find(({ kind }) => kind === 'blob')?.url ?? '';
      fake.fail({ on: 'blob', status: 307, headers: { location: `${storage.url}${blob}` } });
      const fresh = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      expect(await fresh.describe(IMAGE, 'master-1', FOR_AMD64)).toEqual(plain);
      expect(storage.count('blob')).toBe(1);
    });

    it.each([
      ['to the metadata service', 'http://169.254.169.254/latest'],
      ['to a private address', 'https://10.0.0.8/blob'],
      ['to nowhere', ''],
    ])('%s is refused', async (_name, location) => {
      const fake = await startFake({});
      fake.fail({ on: 'blob', status: 307, headers: { location } });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toMatchObject({
        code: 'registry/invalid',
      });
    });

    it('in a circle is given up after five', async () => {
      const fake = await startFake({});
      fake.fail({ on: 'blob', status: 302, headers: { location: `/v2/${REPOSITORY}/blobs/again` } });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      await expect(registry.describe(IMAGE, 'master-1', FOR_AMD64)).rejects.toThrowError(/more than 5 times/);
      expect(fake.count('blob')).toBe(6);
    });
  });
});
