import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONFIG_OPTIONS, flagOf, loadDriverConfig, variableOf } from '../../src/cli/driver-config.js';

const folder = mkdtempSync(join(tmpdir(), 'prodesk-config-'));
const file = join(folder, 'prodesk.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

describe('cli/driver-config', () => {
  it('needs nothing but the Git URL', () => {
    expect(loadDriverConfig({ gitUrl: '/srv/repo' }, {})).toMatchObject({
      gitUrl: '/srv/repo',
      gitBranch: 'master',
      gitInterval: 180_000,
      registryInterval: 120_000,
      provider: 'official',
      listen: '127.0.0.1:8420',
    });
  });

  it.each([
    [{}, []],
    [{ pullSecretNamespaces: 'shared, ci ' }, ['shared', 'ci']],
  ])('with %j the shared namespaces are %j', (flags, namespaces) => {
    expect(loadDriverConfig({ gitUrl: '/srv/repo', ...flags }, {}).pullSecretNamespaces).toEqual(namespaces);
  });

  it('takes flags before variables, variables before the file, and the file before defaults', () => {
    writeFileSync(file, 'gitUrl: from-file\ngitBranch: from-file\ngitInterval: 7m\n');
    const env = { PRODESK_GIT_URL: 'from-env', PRODESK_GIT_BRANCH: 'from-env' };
    expect(loadDriverConfig({ gitUrl: 'from-flag' }, env, file)).toMatchObject({
      gitUrl: 'from-flag',
      gitBranch: 'from-env',
      gitInterval: 420_000,
      registryInterval: 120_000,
    });
  });

  it('lists every problem with its key and where it came from', () => {
    const load = () =>
      loadDriverConfig({ gitInterval: 'soon' }, { PRODESK_PRUNE_LIMIT: '7', PRODESK_PROVIDER: 'mine' });
    expect(load).toThrow(/gitUrl: not set; use --git-url, PRODESK_GIT_URL/);
    expect(load).toThrow(/gitInterval \(--git-interval\): not a duration: "soon"/);
    expect(load).toThrow(/pruneLimit \(PRODESK_PRUNE_LIMIT\)/);
    expect(load).toThrow(/provider \(PRODESK_PROVIDER\)/);
  });

  it.each([
    ['gitUrll: x', /gitUrll/],
    ['- a list', /not a map of settings/],
    ['a: [', /cannot be read/],
  ])('refuses the file %j', (text, message) => {
    writeFileSync(file, text);
    expect(() => loadDriverConfig({ gitUrl: 'x' }, {}, file)).toThrow(message);
  });

  it('reads whose signature a commit needs', () => {
    writeFileSync(file, '');
    const load = (gitVerify: string) => loadDriverConfig({ gitUrl: 'x', gitVerify }, {}).gitVerify;
    expect(load(`ssh:${file}`)).toEqual({ format: 'ssh', file });
    expect(load(`gpg:${file}`)).toEqual({ format: 'gpg', file });
    expect(() => load(file)).toThrow(/gitVerify \(--git-verify\): write ssh:FILE/);
    expect(() => load(`ssh:${file}.no`)).toThrow(/gitVerify .*the file is not there/);
  });

  it('tells the place of what cannot be read, without the content of the file', () => {
    writeFileSync(file, 'gitUrl: x\ngitToken: "sentinel');
    const load = (): unknown => loadDriverConfig({}, {}, file);
    expect(load).toThrow(/cannot be read: .* line 2/);
    expect(load).not.toThrow(/sentinel/);
  });

  it('reads registries from JSON, and refuses unknown keys in them', () => {
    const load = (registries: string) => loadDriverConfig({ gitUrl: 'x', registries }, {}).registries;
    expect(load('{"ghcr.io":{"url":"http://127.0.0.1:5000"}}')).toEqual({
      'ghcr.io': { url: 'http://127.0.0.1:5000' },
    });
    expect(() => load('{"ghcr.io":{"password":"x"}}')).toThrow(/registries/);
    expect(() => load('{')).toThrow(/registries/);
  });

  it('cannot be changed afterwards', () => {
    const config = loadDriverConfig({ gitUrl: 'x' }, {}) as { gitUrl: string };
    expect(() => (config.gitUrl = 'y')).toThrow(TypeError);
  });

  it('derives variables and flags from keys, each once', () => {
    expect([variableOf('gitTokenFile'), flagOf('gitTokenFile')]).toEqual([
      'PRODESK_GIT_TOKEN_FILE',
      '--git-token-file',
    ]);
    expect(new Set(CONFIG_OPTIONS.map(({ key }) => key)).size).toBe(CONFIG_OPTIONS.length);
  });
});
