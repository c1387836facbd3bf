import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { createGitSource } from '../../src/sources/git/git-source.js';
import type { GitSourceOptions } from '../../src/sources/git/git-source.js';
import type { GitSource } from '../../src/sources/git/port.js';
import { startGitRemote } from '../support/git-remote.js';
import type { GitRemote } from '../support/git-remote.js';

describe('sources/git on a repository on disk', () => {
  let remote: GitRemote;
  let directory: string;
  const sourceOf = (options: Partial<GitSourceOptions> = {}): GitSource =>
    createGitSource({
      url: remote.path,
      branch: 'master',
      directory: join(directory, 'cache'),
      timeoutMs: 20_000,
      logger: silentLogger,
      ...options,
    });

  beforeEach(async () => {
    remote = await startGitRemote();
    directory = await mkdtemp(join(tmpdir(), 'git-source-'));
  });
  afterEach(async () => {
    await remote.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('a pushed commit becomes the head, and its files and facts are there', async () => {
    const commit = await remote.commit({ 'apps/a/app.ts': 'one' }, { message: 'Add a\n\nWith a body.' });
    const source = sourceOf();
    expect(await source.head()).toBe(commit);
    const { directory: tree, info } = await source.checkout(commit);
    expect(await readFile(join(tree, 'apps/a/app.ts'), 'utf8')).toBe('one');
    expect(info).toMatchObject({ commit, subject: 'Add a', author: 'Test Author' });
    expect(Math.abs(Date.now() - info.committedAt)).toBeLessThan(600_000);
  });

  it('the same object id is told of a folder for as long as nothing in it changes', async () => {
    const first = await remote.commit({
      'apps/a/app.ts': '1',
      'apps/b/app.ts': '1',
      'src/x.ts': '1',
      'öffentlich.md': 'x',
    });
    const second = await remote.commit({ 'apps/b/app.ts': '2' });
    const source = sourceOf();
    const before = (await source.checkout(first)).objectIds;
    const after = (await source.checkout(second)).objectIds;
    expect(Object.keys(before).sort()).toEqual(['apps', 'apps/a', 'apps/b', 'src', 'öffentlich.md']);
    const changed = Object.keys(before).filter((path) => before[path] !== after[path]);
    expect(changed).toEqual(['apps', 'apps/b']);
  });

  it('reading the head fetches nothing', async () => {
    await remote.commit({ a: '1' });
    await sourceOf().head();
    expect(await readdir(join(directory, 'cache'))).toEqual(['home']);
  });

  it('a file URL works like a path', async () => {
    const commit = await remote.commit({ a: '1' });
    const source = sourceOf({ url: `file://${remote.path}` });
    expect((await source.checkout(await source.head())).info.commit).toBe(commit);
  });

  it('a commit that was checked out before needs no remote', async () => {
    const commit = await remote.commit({ a: '1' });
    await sourceOf().checkout(commit);
    await rm(remote.path, { recursive: true });
    expect((await sourceOf().checkout(commit)).info.commit).toBe(commit);
  });

  it('files that a machine without power tore are written anew by the next process, and by no other', async () => {
    const commit = await remote.commit({ 'apps/a/app.ts': 'one' });
    const { directory: tree } = await sourceOf().checkout(commit);
    await truncate(join(tree, 'apps/a/app.ts'), 1);
    const next = sourceOf();
    await next.checkout(commit);
    const text = (): Promise<string> => readFile(join(tree, 'apps/a/app.ts'), 'utf8');
    expect(await text()).toBe('one');
    await writeFile(join(tree, 'apps/a/app.ts'), 'used');
    await next.checkout(commit);
    expect(await text()).toBe('used');
  });

  it('a force-push replaces the files, and the lost commit stays available from the cache', async () => {
    const first = await remote.commit({ a: '1' });
    const lost = await remote.commit({ a: '2', gone: 'x' });
    const source = sourceOf();
    await source.checkout(lost);
    const pushed = await remote.commit({ a: '3' }, { parent: first });
    expect(await source.head()).toBe(pushed);
    const { directory: tree } = await source.checkout(pushed);
    expect(await readFile(join(tree, 'a'), 'utf8')).toBe('3');
    expect(existsSync(join(tree, 'gone'))).toBe(false);
    expect((await source.checkout(lost)).info.commit).toBe(lost);
  });

  it('a rewind to an earlier commit makes that the head again', async () => {
    const first = await remote.commit({ a: '1' });
    const second = await remote.commit({ a: '2' });
    const source = sourceOf();
    await source.checkout(second);
    await remote.setBranch('master', first);
    expect(await source.head()).toBe(first);
    expect(await readFile(join((await source.checkout(first)).directory, 'a'), 'utf8')).toBe('1');
  });

  it('a commit that is no longer the tip is fetched by its id', async () => {
    const first = await remote.commit({ a: '1' });
    await remote.commit({ a: '2' });
    expect((await sourceOf().checkout(first)).info.commit).toBe(first);
  });

  it('calls at the same time do not disturb each other', async () => {
    const commits = [await remote.commit({ a: '1' }), await remote.commit({ a: '2' }), await remote.commit({ a: '3' })];
    const source = sourceOf();
    const checkouts = await Promise.all([...commits, ...commits].map((commit) => source.checkout(commit)));
    expect(checkouts.map(({ info }) => info.commit)).toEqual([...commits, ...commits]);
  });

  it('the last three checkouts are kept and the others removed', async () => {
    const source = sourceOf();
    const commits: string[] = [];
    for (const text of ['1', '2', '3', '4', '5']) {
      commits.push(await remote.commit({ a: text }));
      await source.checkout(commits.at(-1) ?? '');
    }
    const kept = async (): Promise<string[]> => (await readdir(join(directory, 'cache', 'checkouts'))).sort();
    await expect.poll(kept, { timeout: 20_000 }).toEqual(commits.slice(2).sort());
  });

  it('what a killed process left half done is removed', async () => {
    const commit = await remote.commit({ a: '1' });
    await sourceOf().checkout(commit);
    const checkouts = join(directory, 'cache', 'checkouts');
    await writeFile(join(checkouts, '.new-left.index'), 'x');
    await sourceOf().checkout(commit);
    expect(await readdir(checkouts)).toEqual([commit]);
  });

  it('a symbolic link becomes a plain file, so nothing outside the tree can be read', async () => {
    await writeFile(join(directory, 'outside'), 'sentinel');
    const commit = await remote.commit({
      absolute: { symlink: '/etc/passwd' },
      relative: { symlink: '../../../outside' },
      folder: { symlink: '/etc' },
    });
    const { directory: tree } = await sourceOf().checkout(commit);
    for (const name of ['absolute', 'relative', 'folder']) {
      expect(lstatSync(join(tree, name)).isFile()).toBe(true);
    }
    expect(await readFile(join(tree, 'absolute'), 'utf8')).toBe('/etc/passwd');
  });

  it('a submodule is not fetched: its folder stays empty', async () => {
    const inner = await remote.commit({ secret: 'inside' }, { branch: 'other' });
    await remote.commit({ '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ${remote.path}\n` });
    await remote.git('update-index', '--add', '--cacheinfo', `160000,${inner},m`);
    await remote.git('commit', '--quiet', '--message', 'Add a submodule');
    await remote.git('push', '--quiet', 'origin', 'HEAD:refs/heads/master');
    const source = sourceOf();
    const { directory: tree } = await source.checkout(await source.head());
    expect(await readdir(join(tree, 'm'))).toEqual([]);
  });

  it('a remote that is shallow itself gives its head and the files of it', async () => {
    await remote.commit({ a: '1' });
    const commit = await remote.commit({ a: '2' });
    const shallow = join(directory, 'shallow.git');
    execFileSync('git', ['clone', '--quiet', '--bare', '--depth=1', `file://${remote.path}`, shallow]);
    const source = sourceOf({ url: shallow });
    expect(await source.head()).toBe(commit);
    const { directory: tree } = await source.checkout(commit);
    expect(await readFile(join(tree, 'a'), 'utf8')).toBe('2');
  });

  it('of thousands of commits and files only the files of one commit are fetched', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`charts/${index}/values.yaml`, `${index}`]),
    );
    await remote.commit({ ...files, old: 'x'.repeat(8_000_000) });
    const commit = await remote.commit({ old: null, 'apps/a/app.ts': 'one' });
    const source = sourceOf({ url: `file://${remote.path}` });
    const { directory: tree } = await source.checkout(commit);
    expect(await readdir(join(tree, 'charts'))).toHaveLength(3_000);
    expect(
      execFileSync('git', ['-C', join(directory, 'cache', 'cache.git'), 'count-objects', '-v', '-H'], {
        encoding: 'utf8',
      }),
    ).not.toMatch(/MiB/);
  });

  it('a machine without git is told so', async () => {
    const failure = sourceOf({ environment: { PATH: directory } }).head();
    await expect(failure).rejects.toThrow('git is not installed, or not on the PATH');
  });

  it('a filter that the attributes ask for is not run', async () => {
    const commit = await remote.commit({ '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'version 1 of a pointer\n' });
    const { directory: tree } = await sourceOf().checkout(commit);
    expect(await readFile(join(tree, 'a.bin'), 'utf8')).toBe('version 1 of a pointer\n');
  });

  it('a hook in the cache is not run', async () => {
    const source = sourceOf();
    await source.checkout(await remote.commit({ a: '1' }));
    const marker = join(directory, 'ran');
    const hooks = join(directory, 'cache', 'cache.git', 'hooks');
    await mkdir(hooks, { recursive: true });
    await writeFile(join(hooks, 'reference-transaction'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    await source.checkout(await remote.commit({ a: '2' }));
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['an emptied object store', 'rm -rf cache.git/objects/*'],
    ['a broken HEAD', 'echo nonsense > cache.git/HEAD'],
    ['a broken configuration', 'echo "[broken" > cache.git/config'],
    [
      'a truncated pack',
      'for f in cache.git/objects/pack/*.pack cache.git/objects/??/*; do [ -f $f ] && chmod u+w $f && : > $f; done; true',
    ],
    ['a lock left by a killed git', 'touch cache.git/shallow.lock'],
    ['a file in its place', 'rm -rf cache.git && touch cache.git'],
  ])('%s in the cache is mended by itself', async (_name, command) => {
    const source = sourceOf();
    await source.checkout(await remote.commit({ a: '1' }));
    execFileSync('sh', ['-c', command], { cwd: join(directory, 'cache') });
    const commit = await remote.commit({ a: '2' });
    expect(await readFile(join((await source.checkout(commit)).directory, 'a'), 'utf8')).toBe('2');
  });

  it('a branch that does not exist is an unknown revision, which is not retried', async () => {
    await remote.commit({ a: '1' });
    const failure = sourceOf({ branch: 'absent' }).head();
    await expect(failure).rejects.toMatchObject({ code: 'git/unknown-revision', disposition: 'stalled' });
  });

  it('a branch that was deleted after a checkout is an unknown revision', async () => {
    const source = sourceOf();
    await source.checkout(await remote.commit({ a: '1' }));
    await remote.deleteBranch('master');
    await expect(source.head()).rejects.toMatchObject({ code: 'git/unknown-revision' });
  });

  it('a commit that the remote never had is an unknown revision', async () => {
    await remote.commit({ a: '1' });
    const failure = sourceOf().checkout('1234567890'.repeat(4));
    await expect(failure).rejects.toMatchObject({ code: 'git/unknown-revision', disposition: 'stalled' });
  });

  it('a repository that is not there is denied', async () => {
    const failure = sourceOf({ url: join(directory, 'absent.git') }).head();
    await expect(failure).rejects.toMatchObject({ code: 'git/denied', disposition: 'stalled' });
  });

  it('a repository around the cache folder has no say', async () => {
    execFileSync('git', ['init', '--quiet', directory]);
    execFileSync('git', ['config', `url.${directory}/absent.insteadOf`, remote.path], { cwd: directory });
    const commit = await remote.commit({ a: '1' });
    expect(await sourceOf().head()).toBe(commit);
  });
});
