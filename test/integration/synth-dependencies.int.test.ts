import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { Dependencies } from '../../src/synth/dependencies.js';

const PACKAGE = { name: 'checkout', version: '1.0.0', dependencies: { inner: 'file:inner' } };
const LOCK = {
  name: 'checkout',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: { '': { name: 'checkout', version: '1.0.0' } },
};

describe('integration/synth-dependencies', () => {
  let root = '';
  let dependencies: Dependencies;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
    await folder('program', { 'package-lock.json': 'own' });
    const options = { programDirectory: join(root, 'program'), cacheDirectory: join(root, 'cache') };
    dependencies = new Dependencies({ ...options, logger: silentLogger });
  });
  afterAll(() => rm(root, { recursive: true }));

  async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const directory = join(root, name);
    await mkdir(directory, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await writeFile(join(directory, file), text);
    }
    return directory;
  }

  it.each([
    ['the same lock file', { 'package-lock.json': 'own' }],
    ['no lock file', {}],
  ])("%s links the program's own modules", async (name, files) => {
    const checkout = await folder(name.replaceAll(' ', '-'), files);
    await dependencies.provide(checkout);
    expect(await readlink(join(checkout, 'node_modules'))).toBe(join(root, 'program', 'node_modules'));
  });

  it('another lock file is installed once, also when two ask at the same time', async () => {
    const { dependencies: _, ...bare } = PACKAGE;
    const files = { 'package.json': JSON.stringify(bare), 'package-lock.json': JSON.stringify(LOCK) };
    const [one, two] = await Promise.all([folder('one', files), folder('two', files)]);
    await Promise.all([dependencies.provide(one), dependencies.provide(two)]);
    const target = await readlink(join(one, 'node_modules'));
    expect(target.startsWith(join(root, 'cache', 'dependencies'))).toBe(true);
    expect(await readlink(join(two, 'node_modules'))).toBe(target);
    expect(await readFile(join(target, '..', 'package-lock.json'), 'utf8')).toBe(files['package-lock.json']);
    await dependencies.provide(one);
    expect((await lstat(join(one, 'node_modules'))).isSymbolicLink()).toBe(true);
  });

  it('installations that were not used for long make room for a new one', async () => {
    const old = Array.from({ length: 7 }, (_, age) => `cache/dependencies/old-${age}`);
    for (const [age, name] of old.entries()) {
      const at = new Date(Date.now() - (age + 1) * 1_000_000);
      await utimes(await folder(name, {}), at, at);
    }
    const { dependencies: _, ...bare } = PACKAGE;
    const lock = JSON.stringify({ ...LOCK, packages: { '': { name: 'checkout', version: '1.0.0', license: 'x' } } });
    await dependencies.provide(
      await folder('new', { 'package.json': JSON.stringify({ ...bare, license: 'x' }), 'package-lock.json': lock }),
    );
    const left = await readdir(join(root, 'cache', 'dependencies'));
    expect(left.filter((name) => name.startsWith('old')).sort()).toEqual(['old-0', 'old-1', 'old-2']);
    expect(left).toHaveLength(5);
  });

  it('a lock file that does not fit its package.json is a stalled failure', async () => {
    const checkout = await folder('unfit', {
      'package.json': JSON.stringify(PACKAGE),
      'package-lock.json': JSON.stringify({ ...LOCK, version: '2.0.0' }),
    });
    await expect(dependencies.provide(checkout)).rejects.toMatchObject({
      code: 'synth/install',
      disposition: 'stalled',
    });
  });
});
