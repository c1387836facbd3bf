import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { DesiredState, StackSettings } from '../../src/app/desired-state.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import { SETTINGS } from '../apps/synthesize-app.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

const PROGRAM = join(import.meta.dirname, '..', '..');
const NO_SETTINGS: StackSettings = { settings: {}, secretKeys: [] };

describe('integration/synth', () => {
  let cacheDirectory = '';
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
  });
  afterAll(() => rm(cacheDirectory, { recursive: true }));

  const synthesize = (directory: string, settings = NO_SETTINGS): Promise<DesiredState> =>
    createSynthesizer({ cacheDirectory }).synthesize({ directory, revision: 'c0ffee', settings });

  async function withCheckout<T>(
    apps: Readonly<Record<string, string>>,
    use: (checkout: Checkout) => Promise<T>,
  ): Promise<T> {
    const checkout = await makeCheckout(apps);
    try {
      return await use(checkout);
    } finally {
      await checkout.remove();
    }
  }

  it("the program's own applications give the reviewed objects", async () => {
    const synthesizer = createSynthesizer({ cacheDirectory, allowMissing: 'secrets' });
    const settings = { settings: SETTINGS, secretKeys: [] };
    const state = await synthesizer.synthesize({ directory: PROGRAM, revision: 'working-tree', settings });
    expect(state.failed).toEqual({});
    expect(state.findings).toEqual([]);
    expect(state.disabled).toEqual(['friend-app']);
    expect(Object.keys(state.apps)).toEqual(['gitops', 'mysql', 'naver-news', 'redis', 'traefik']);
    for (const { name, objects } of Object.values(state.apps)) {
      const golden = readFileSync(join(PROGRAM, 'test/apps/__golden__', `${name}.yaml`), 'utf8');
      expect(objects).toEqual(parseAllDocuments(golden).map((document) => document.toJS() as unknown));
    }
  });

  it('every missing value of every application is listed with its command', async () => {
    const apps = {
      a: appText("context.setting('domain'); context.secret('TOKEN');"),
      b: appText("context.setting('domain'); if (context.setting('mode') !== 'x') throw new Error('bad mode');"),
      c: appText("context.setting('given'); context.setting('optional', 'd'); context.secret('GIVEN');"),
    };
    await withCheckout(apps, async ({ directory }) => {
      const settings = { settings: { given: '1' }, secretKeys: ['c.GIVEN'] };
      await expect(synthesize(directory, settings)).rejects.toMatchObject({
        code: 'config/missing',
        message: [
          '3 stack-config values are missing; set with:',
          '  pulumi config set --secret prodesk:a.TOKEN    # a',
          '  pulumi config set prodesk:domain VALUE    # a, b',
          '  pulumi config set prodesk:mode VALUE    # b',
        ].join('\n'),
      });
    });
  });

  it('applications that throw, do not compile, or miss a module fail alone, with their place', async () => {
    const apps = {
      good: appText(),
      throws: appText("throw new Error('no luck');"),
      syntax: 'export const app = {\n  broken broken\n};\n',
      exits: appText('process.exit(0);'),
      nothing: 'export const x = 1;\n',
      module: "import './nowhere.js';\n",
      construct: appText('', "{ 'a/b': '1' }"),
    };
    const { failed, apps: built } = await withCheckout(apps, ({ directory }) => synthesize(directory));
    expect(Object.keys(built)).toEqual(['good']);
    expect(failed.throws).toEqual({ message: 'no luck', location: 'apps/throws/app.ts:7' });
    expect(failed.syntax?.location).toBe('apps/syntax/app.ts:2');
    expect(failed.exits).toMatchObject({ location: 'apps/exits/app.ts:7' });
    expect(failed.exits?.message).toContain('process.exit(0)');
    expect(failed.nothing?.message).toContain('export const app = defineApp');
    expect(failed.module).toMatchObject({ location: 'apps/module/app.ts' });
    expect(failed.construct).toMatchObject({ location: 'apps/construct/app.ts:8' });
    expect(failed.construct?.message).toContain('"a/b"');
  });

  it('what applications print does not disturb the result', async () => {
    const noise =
      "console.log('{\"type\":\"done\"}'); console.error('x'.repeat(200_000)); process.stdout.write('no newline');";
    const state = await withCheckout({ noisy: appText(noise) }, ({ directory }) => synthesize(directory));
    expect(Object.keys(state.apps)).toEqual(['noisy']);
  });

  it('an application sees no credentials', async () => {
    const names = ['PULUMI_CONFIG_PASSPHRASE', 'KUBECONFIG', 'GIT_TOKEN', 'GITHUB_TOKEN', 'NODE_OPTIONS'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) {
      process.env[name] = name === 'NODE_OPTIONS' ? '--no-warnings' : 'credential';
    }
    try {
      const text = appText('', '{ names: Object.keys(process.env).sort().join(), home: process.env.HOME }');
      const state = await withCheckout({ spy: text }, ({ directory }) => synthesize(directory));
      const { data } = state.apps.spy?.objects[0] as unknown as { data: Record<string, string> };
      expect(data.names?.split(',').filter((name) => !['PWD', 'SHLVL', 'OLDPWD', '_'].includes(name))).toEqual([
        'HOME',
        'PATH',
        'TMPDIR',
      ]);
      expect(data.home).not.toBe(process.env.HOME);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) {
          delete process.env[name];
        } else {
          process.env[name] = value;
        }
      }
    }
  });

  it("a revision's own constructs are used", async () => {
    const state = await withCheckout({ a: appText() }, async ({ directory, write }) => {
      const file = 'src/constructs/config-map.ts';
      const source = readFileSync(join(directory, file), 'utf8');
      await write(file, source.replace('immutable: props.immutable,', 'immutable: true,'));
      return synthesize(directory);
    });
    expect(state.apps.a?.objects[0]).toMatchObject({ kind: 'ConfigMap', immutable: true });
  });

  it('no apps/ is an empty state', async () => {
    const state = await withCheckout({}, ({ directory }) => synthesize(directory));
    expect(state).toEqual({ revision: 'c0ffee', apps: {}, disabled: [], failed: {}, findings: [] });
  });

  it('a revision without the child says so', async () => {
    await withCheckout({ a: appText() }, async ({ directory }) => {
      await rm(join(directory, 'src/synth/child'), { recursive: true });
      await expect(synthesize(directory)).rejects.toMatchObject({
        code: 'synth/threw',
        message: expect.stringContaining('src/synth/child/main.ts') as string,
      });
    });
  });

  it('a library that does not compile fails every application, with its place', async () => {
    const state = await withCheckout({ a: appText(), b: appText() }, async ({ directory, write }) => {
      await write('src/constructs/config-map.ts', 'export class ConfigMap {\n  not valid\n');
      return synthesize(directory);
    });
    expect(Object.keys(state.failed)).toEqual(['a', 'b']);
    expect(state.failed.a?.location).toMatch(/^src\/constructs\/config-map\.ts:\d+$/);
  });
});
