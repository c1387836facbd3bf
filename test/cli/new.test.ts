import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from 'prettier';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import type { AppDefinition } from '../../src/app/index.js';
import { filesOf } from '../../src/cli/new.js';
import { buildProgram } from '../../src/cli/main.js';
import { synthApp } from '../../src/testing/index.js';
import { SETTINGS } from '../apps/synthesize-app.js';

const tree = mkdtempSync(join(tmpdir(), 'prodesk-new-'));
const run = (...words: string[]) =>
  buildProgram().parseAsync(['node', 'prodesk', 'new', ...words, '--directory', tree]);
const kindsOf = async (name: string): Promise<string[]> => {
  const url = pathToFileURL(join(tree, 'apps', name, 'app.ts')).href;
  const { app } = (await import(/* @vite-ignore */ url)) as { app: AppDefinition };
  return synthApp(name, app, SETTINGS).objects.map(({ kind }) => kind);
};

describe('cli/new', () => {
  beforeAll(() => {
    mkdirSync(join(tree, 'apps'));
    symlinkSync(join(import.meta.dirname, '../../src'), join(tree, 'src'));
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(tree, { recursive: true });
  });

  it.each([
    ['a-web', ['--host', 'shop'], ['Deployment', 'Service', 'IngressRoute']],
    ['b-web', ['--image', 'ghcr.io/x/shop:1.2.3', '--port', '3000'], ['Deployment', 'Service']],
    ['c-worker', ['--template', 'worker'], ['Deployment']],
    ['d-cron', ['--template', 'cron'], ['CronJob']],
    [
      'e-database',
      ['--template', 'database', '--namespace', 'data'],
      ['Secret', 'PersistentVolume', 'PersistentVolumeClaim', 'Deployment', 'Service'],
    ],
    ['f-chart', ['--template', 'chart', '--host', 'chart.example.com'], ['HelmChart', 'IngressRoute']],
    ['g-static', ['--template', 'static', '--host', 'www'], ['ConfigMap', 'Deployment', 'Service', 'IngressRoute']],
  ])('%s with %j is formatted, and synthesizes at once', async (name, words, kinds) => {
    await run(name, ...words);
    const text = readFileSync(join(tree, 'apps', name, 'app.ts'), 'utf8');
    expect(await check(text, { ...(manifest.prettier as object), parser: 'typescript' })).toBe(true);
    expect(await kindsOf(name)).toEqual(kinds);
  });

  it('what is there is not touched', async () => {
    await run('taken');
    const before = readFileSync(join(tree, 'apps/taken/app.ts'), 'utf8');
    await expect(run('taken', '--template', 'worker')).rejects.toThrow('apps/taken is there already');
    expect(readFileSync(join(tree, 'apps/taken/app.ts'), 'utf8')).toBe(before);
  });

  it('everything that cannot be used is named at once', () => {
    const options = { template: 'wep', image: "a'b", port: '0', host: 'a_b', namespace: 'N' };
    const named = ['"Shop"', '"wep"', '"a\'b"', '"0"', '"a_b"', '"N"'];
    for (const text of named) {
      expect(() => filesOf('Shop', options)).toThrow(text);
    }
  });

  it('an option that the template has no use for is refused', () => {
    expect(() => filesOf('shop', { template: 'cron', image: 'busybox:1', port: '80', host: 'shop' })).toThrow(
      '--port means nothing to --template cron; --host means nothing to --template cron',
    );
  });

  it('an image without a tag is followed, one with a tag is pinned', () => {
    const appOf = (image: string) => filesOf('shop', { template: 'web', image })['app.ts'];
    expect(appOf('localhost:5000/shop')).toContain("newestBuild(IMAGE, { allow: '^master-' })");
    expect(appOf('localhost:5000/shop:1')).toContain("image: 'localhost:5000/shop:1',");
  });
});
