import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import type { Logger } from '../../src/base/logger.js';
import { createHelperClient } from '../../src/sources/registry/credential-helper.js';
import type { GivenLogin, Registry } from '../../src/sources/registry/port.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import type { RegistryOptions } from '../../src/sources/registry/registry.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { FakeRegistry, FakeRegistryOptions } from '../support/fake-registry.js';

const LOGIN = { username: 'robot', password: 'sentinel-password' };
const AUTH = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
const FOUND = { kind: 'found', tags: ['v1'] };
const SECRET = /sentinel|c2VudGluZWw/;

describe('sources/registry with logins', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  const logged: unknown[] = [];
  let directory: string;
  let now = Date.parse('2026-11-24T12:00:00Z');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-logins-'));
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup();
    }
    await rm(directory, { recursive: true });
    expect(JSON.stringify(logged.splice(0))).not.toMatch(SECRET);
  });

  const startFake = async (repository: string, options: FakeRegistryOptions): Promise<FakeRegistry> => {
    const fake = await startFakeRegistry(options);
    cleanups.push(() => fake.stop());
    fake.addImage(repository, 'v1');
    return fake;
  };
  const clientOf = (options: Partial<RegistryOptions>): Registry => {
    const log = (message: string, fields?: unknown): void => void logged.push([message, fields]);
    const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
    const registry = createRegistry({
      timeoutMs: 3000,
      userAgent: 'prodesk-test',
      clock: { ...systemClock, now: () => now },
      logger,
      ...options,
    });
    cleanups.push(() => registry.close());
    return registry;
  };
  const dockerConfig = async (config: unknown): Promise<string> => {
    const path = join(directory, 'config.json');
    await writeFile(path, JSON.stringify(config));
    return path;
  };
  /** A credential helper that is a shell script; it notes what it was asked. */
  const helper = async (name: string, body: string): Promise<NodeJS.ProcessEnv> => {
    const path = join(directory, `docker-credential-${name}`);
    await writeFile(path, `#!/bin/sh\nread -r server\necho "$1 $server" >> ${directory}/asked\n${body}\n`);
    await chmod(path, 0o755);
    return { PATH: `${directory}:${process.env['PATH']}` };
  };
  const asked = async (): Promise<string[]> => (await readFile(join(directory, 'asked'), 'utf8')).trim().split('\n');
  const answer = (login = LOGIN): string =>
    `echo '{"ServerURL":"x","Username":"${login.username}","Secret":"${login.password}"}'`;

  it('Docker Hub: official images are in library/, and its login is kept under its old address', async () => {
    const fake = await startFake('library/redis', { auth: 'bearer', login: LOGIN });
    const dockerConfigFile = await dockerConfig({ auths: { 'https://index.docker.io/v1/': { auth: AUTH } } });
    const registry = clientOf({ endpoints: fake.endpoints('docker.io'), dockerConfigFile });
    for (const image of ['redis', 'docker.io/redis', 'docker.io/library/redis', 'index.docker.io/library/redis']) {
      expect(await registry.listTags(image)).toEqual(FOUND);
    }
    expect(fake.count('token')).toBe(1);
  });

  it('GitLab: the token service is at another address than the registry', async () => {
    const tokens = new Set<string>();
    const gitlab = await startFake('x', { auth: 'bearer', login: LOGIN, tokens });
    const fake = await startFake('group/app/web', { auth: 'bearer', realm: `${gitlab.url}/token`, tokens });
    const registry = clientOf({ endpoints: { 'registry.gitlab.example': { url: fake.url, ...LOGIN } } });
    expect(await registry.listTags('registry.gitlab.example/group/app/web')).toEqual(FOUND);
    expect(gitlab.requests.map(({ kind, authorization }) => [kind, authorization])).toEqual([
      ['token', `Basic ${AUTH}`],
    ]);
    expect(JSON.stringify(fake.requests)).not.toContain(AUTH);
  });

  it('Harbor: a robot account whose name has a $', async () => {
    const login = { username: 'robot$ci+web', password: 'sentinel-password' };
    const fake = await startFake('project/web', { auth: 'bearer', login });
    const registry = clientOf({ endpoints: { 'harbor.example': { url: fake.url, ...login } } });
    expect(await registry.listTags('harbor.example/project/web')).toEqual(FOUND);
  });

  it('a plain registry:2 with a password file', async () => {
    const fake = await startFake('web', { auth: 'basic', login: LOGIN });
    const registry = clientOf({ endpoints: { 'registry.lan:5000': { url: fake.url, ...LOGIN } } });
    expect(await registry.listTags('registry.lan:5000/web')).toEqual(FOUND);
  });

  describe('a credential helper', () => {
    const ECR = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    const startEcr = (): Promise<FakeRegistry> =>
      startFake('web', { auth: 'basic', login: { username: 'AWS', password: 'sentinel-password' } });

    it('of one host (ECR) is asked for its login, and not again for five minutes', async () => {
      const fake = await startEcr();
      const helperEnvironment = await helper('ecr-login', answer({ username: 'AWS', password: 'sentinel-password' }));
      const dockerConfigFile = await dockerConfig({ credHelpers: { [ECR]: 'ecr-login' } });
      const registry = clientOf({ endpoints: fake.endpoints(ECR), dockerConfigFile, helperEnvironment });
      expect(await registry.listTags(`${ECR}/web`)).toEqual(FOUND);
      expect(await registry.listTags(`${ECR}/web`)).toEqual(FOUND);
      expect(await asked()).toEqual([`get ${ECR}`]);
      now += 300_001;
      expect(await registry.listTags(`${ECR}/web`)).toEqual(FOUND);
      expect(await asked()).toHaveLength(2);
    });

    it('of all hosts is asked for Docker Hub by its old address', async () => {
      const fake = await startFake('library/redis', { auth: 'bearer', login: LOGIN });
      const helperEnvironment = await helper('pass', answer());
      const dockerConfigFile = await dockerConfig({ credsStore: 'pass', auths: { 'https://index.docker.io/v1/': {} } });
      const registry = clientOf({ endpoints: fake.endpoints('docker.io'), dockerConfigFile, helperEnvironment });
      expect(await registry.listTags('redis')).toEqual(FOUND);
      expect(await asked()).toEqual(['get https://index.docker.io/v1/']);
    });

    it('that keeps nothing for the host leaves the file’s own login', async () => {
      const fake = await startFake('o/web', { auth: 'basic', login: LOGIN });
      const helperEnvironment = await helper('pass', 'echo "credentials not found in native keychain"; exit 1');
      const dockerConfigFile = await dockerConfig({ credsStore: 'pass', auths: { 'ghcr.io': { auth: AUTH } } });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io'), dockerConfigFile, helperEnvironment });
      expect(await registry.listTags('ghcr.io/o/web')).toEqual(FOUND);
    });

    it.each([
      ['fails', 'echo sentinel-password; echo sentinel-password >&2; exit 3', 'registry/unavailable'],
      ['says too much', 'while :; do echo sentinel-password; done', 'registry/unavailable'],
    ])('that %s is an error without what it said', async (_what, body, code) => {
      const fake = await startFake('o/web', { auth: 'basic', login: LOGIN });
      const helperEnvironment = await helper('pass', body);
      const dockerConfigFile = await dockerConfig({ credsStore: 'pass' });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io'), dockerConfigFile, helperEnvironment });
      const failure: unknown = await registry.listTags('ghcr.io/o/web').catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      expect(String(failure)).toContain('docker-credential-pass');
      expect(String(failure)).not.toMatch(SECRET);
    });

    it('that is not on the PATH, or whose name is a path, is denied', async () => {
      const fake = await startFake('o/web', { auth: 'basic', login: LOGIN });
      for (const store of ['absent', '../../bin/sh']) {
        const dockerConfigFile = await dockerConfig({ credsStore: store });
        const registry = clientOf({
          endpoints: fake.endpoints('ghcr.io'),
          dockerConfigFile,
          helperEnvironment: { PATH: directory },
        });
        expect(await registry.listTags('ghcr.io/o/web')).toMatchObject({ kind: 'denied' });
      }
    });

    it('that does not answer is stopped after its time', async () => {
      const environment = await helper('pass', 'exec sleep 1000');
      let expire: () => void = () => undefined;
      const clock = {
        now: () => now,
        after: (_ms: number, callback: () => void) => {
          expire = callback;
          return () => undefined;
        },
      };
      const ask = createHelperClient({ environment, timeoutMs: 10_000, clock });
      const failure = ask('pass', 'ghcr.io').catch((error: unknown) => error);
      await expect.poll(() => asked().catch(() => [])).toEqual(['get ghcr.io']);
      expire();
      expect(await failure).toMatchObject({ code: 'registry/unavailable' });
    });
  });

  describe('a login that an application names', () => {
    const given = (auth: string, id = 'Secret home/ghcr-pull'): GivenLogin => ({
      id,
      text: JSON.stringify({ auths: { 'ghcr.io': { auth: Buffer.from(auth).toString('base64') } } }),
    });

    it.each(['bearer', 'basic'] as const)(
      'is used in the place of the daemon’s own, with %s authentication',
      async (auth) => {
        const fake = await startFake('o/web', { auth, login: LOGIN });
        const registry = clientOf({
          endpoints: { 'ghcr.io': { url: fake.url, username: 'other', password: 'sentinel-other' } },
        });
        expect(await registry.listTags('ghcr.io/o/web')).toMatchObject({ kind: 'denied' });
        const login = given('robot:sentinel-password');
        expect(await registry.listTags('ghcr.io/o/web', { login })).toEqual(FOUND);
        expect(await registry.describe('ghcr.io/o/web', 'v1', { platforms: ['linux/amd64'], login })).toBeDefined();
      },
    );

    it('does not open anything for those who do not name it', async () => {
      const fake = await startFake('o/web', { auth: 'bearer', login: LOGIN });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      expect(await registry.listTags('ghcr.io/o/web', { login: given('robot:sentinel-password') })).toEqual(FOUND);
      expect(await registry.listTags('ghcr.io/o/web')).toMatchObject({ kind: 'denied' });
      const other = given('someone:sentinel-else', 'Secret b/pull');
      expect(await registry.listTags('ghcr.io/o/web', { login: other })).toMatchObject({ kind: 'denied' });
    });

    it('is used as it is now: a renewed one without a restart', async () => {
      const fake = await startFake('o/web', { auth: 'basic', login: LOGIN });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      const before = await registry.listTags('ghcr.io/o/web', { login: given('robot:sentinel-old') });
      expect(before).toMatchObject({ kind: 'denied' });
      expect(JSON.stringify(before)).not.toMatch(SECRET);
      expect(await registry.listTags('ghcr.io/o/web', { login: given('robot:sentinel-password') })).toEqual(FOUND);
    });

    it('that cannot be read is denied by its name, without what is in it', async () => {
      const fake = await startFake('o/web', { auth: 'basic', login: LOGIN });
      const registry = clientOf({ endpoints: fake.endpoints('ghcr.io') });
      const answered = await registry.listTags('ghcr.io/o/web', { login: { id: 'Secret a/b', text: '{"sentinel' } });
      expect(answered).toMatchObject({ kind: 'denied', message: expect.stringContaining('Secret a/b') as string });
      expect(JSON.stringify(answered)).not.toMatch(SECRET);
    });
  });
});
