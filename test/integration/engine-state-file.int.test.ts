import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../src/engine/checkpoint.js';
import { FileBackend } from '../../src/engine/file-backend.js';

const urnOf = (app: string): string => `urn:pulumi:prodesk::prodesk::prodesk:index:Application::${app}`;
const textOf = (app: string): string =>
  JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ urn: urnOf(app), type: 'prodesk' }] } } });

let root: string;
let files: FileBackend;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'prodesk-state-'));
  files = new FileBackend(root, { project: 'prodesk', stack: 'prodesk' });
  await mkdir(dirname(files.statePath), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const urns = async (): Promise<string[]> => [...((await files.readState())?.urns ?? [])];

describe('engine/file-backend: the state', () => {
  it('is not read again while its file is the same', async () => {
    await writeFile(files.statePath, textOf('one'));
    expect(await files.readState()).toBe(await files.readState());
  });

  it('is read anew after a change that keeps size and modification time', async () => {
    await writeFile(files.statePath, textOf('one'));
    const { mtime } = await stat(files.statePath);
    expect(await urns()).toEqual([urnOf('one')]);
    await writeFile(files.statePath, textOf('two'));
    await utimes(files.statePath, mtime, mtime);
    expect(await urns()).toEqual([urnOf('two')]);
  });

  it('is empty once its file is gone, and is not remembered when it cannot be read', async () => {
    await writeFile(files.statePath, textOf('one'));
    await files.readState();
    await writeFile(files.statePath, '{"version"');
    expect(await files.readState()).toBeUndefined();
    await rm(files.statePath);
    expect(await files.readState()).toBe(EMPTY_STATE);
  });
});
