import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDirectory } from '../../src/sandbox/sandbox-directory.js';

describe('sandbox/sandbox-directory', () => {
  let folder: string;
  let directory: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prodesk-claim-'));
    directory = join(folder, 'state', 'sandbox');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('what an earlier sandbox left is removed, and what others put there is kept', async () => {
    await (await claimDirectory(directory)).release();
    await mkdir(join(directory, 'etcd', 'member'), { recursive: true });
    await writeFile(join(directory, 'kubeconfig'), '');
    await writeFile(join(directory, 'notes.txt'), '');
    await claimDirectory(directory);

    expect((await readdir(directory)).sort()).toEqual(['.lock', '.prodesk-sandbox', 'notes.txt']);
  });

  it('a folder with such names that is not a sandbox is left alone', async () => {
    await mkdir(join(directory, 'git', 'my-work'), { recursive: true });

    await expect(claimDirectory(directory)).rejects.toMatchObject({
      code: 'sandbox/failed',
      message: `${directory} holds git, which no sandbox wrote; choose an empty folder`,
    });
    expect(await readdir(directory)).toEqual(['git']);
  });

  it('a folder in use is refused, naming the process', async () => {
    await claimDirectory(directory);

    await expect(claimDirectory(directory)).rejects.toThrow(
      `process ${process.pid} has a sandbox in ${directory}; stop it, or choose another folder`,
    );
  });

  it('the folder of a sandbox that was killed is free', async () => {
    await claimDirectory(directory, { pid: 7, identify: () => Promise.resolve('monday') });

    await expect(claimDirectory(directory)).resolves.toHaveProperty('release');
  });
});
