import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { silentLogger } from '../../src/base/logger.js';
import { FileBackend } from '../../src/engine/file-backend.js';
import { createPulumiCommand, type PulumiCommand } from '../../src/engine/pulumi-command.js';
import { createWorkspace } from '../../src/engine/workspace.js';
import type { Workspace } from '../../src/engine/port.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { ID } from '../engine/test-engine.js';

const PROJECT = 'name: prodesk\nruntime: nodejs\nmain: src/index.ts\n';
const OVERRIDES = { a: { 'ghcr.io/o/a': 'master-1' } };

let program: string;
let root: string;
let directory: string;
let calls: string[][];
let pulumi: PulumiCommand;

beforeAll(async () => {
  program = await ensureProgram('pulumi', () => undefined);
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'prodesk-workspace-'));
  directory = join(root, 'workspace');
  await mkdir(join(root, 'backend'));
  calls = [];
  const run = createPulumiCommand({
    program,
    directory,
    environment: {
      PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}`,
      HOME: root,
      PULUMI_HOME: join(root, 'home'),
      PULUMI_BACKEND_URL: `file://${join(root, 'backend')}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
    },
  });
  pulumi = (args) => {
    calls.push([...args]);
    return run(args);
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

function open(): Workspace {
  return createWorkspace({ directory, id: ID, pulumi, logger: silentLogger });
}

const stackFile = () => join(directory, 'Pulumi.prodesk.yaml');

describe('integration/engine-workspace', () => {
  it('a workspace that was never used has nothing', async () => {
    const workspace = open();
    expect(await workspace.settings()).toEqual({ settings: {}, secretKeys: [] });
    expect(await workspace.overrides()).toEqual({});
    expect(await workspace.secrets()).toEqual({});
    expect(calls).toEqual([]);
  });

  it('overrides survive new commits and a restart, and never come from Git', async () => {
    await open().useProject({ project: PROJECT, stack: 'config:\n  prodesk:domain: a.example\n' });
    await open().setOverrides(OVERRIDES);
    await open().useProject({
      project: PROJECT,
      stack: 'config:\n  prodesk:domain: b.example\n  prodesk:images:\n    a:\n      ghcr.io/o/a: placeholder\n',
    });
    expect(await open().overrides()).toEqual(OVERRIDES);
    expect(await open().settings()).toEqual({ settings: { domain: 'b.example' }, secretKeys: [] });
  });

  it('a commit without a stack file leaves the local one', async () => {
    const workspace = open();
    await workspace.useProject({ project: PROJECT, stack: 'config:\n  prodesk:domain: a.example\n' });
    await workspace.useProject({ project: PROJECT });
    expect((await workspace.settings()).settings).toEqual({ domain: 'a.example' });
  });

  it.each([
    ['project', { project: 'name: other\n', stack: 'config:\n  prodesk:domain: c\n' }, /Pulumi\.yaml/],
    ['stack', { project: PROJECT, stack: 'config:\n  a: b\n c: d\n' }, /Pulumi\.prodesk\.yaml:\d/],
  ])('a broken %s file in a commit is refused, and both files stay as they were', async (_file, files, message) => {
    const workspace = open();
    await workspace.useProject({ project: PROJECT, stack: 'config:\n  prodesk:domain: a.example\n' });
    await workspace.setOverrides(OVERRIDES);
    const before = await readFile(stackFile(), 'utf8');
    await expect(workspace.useProject(files)).rejects.toMatchObject({ code: 'config/invalid' });
    await expect(workspace.useProject(files)).rejects.toThrow(message);
    expect(await readFile(stackFile(), 'utf8')).toBe(before);
    expect((parse(await readFile(join(directory, 'Pulumi.yaml'), 'utf8')) as { name: string }).name).toBe('prodesk');
  });

  it.each([
    ['half a line', 'config:\n  prodesk:images:\n    a: {"ghcr'],
    ['nothing', ''],
    ['zeroes', '\0\0\0\0'],
  ])('a local file of which a crash left %s is restored from its copy', async (_what, text) => {
    await open().setOverrides(OVERRIDES);
    await writeFile(stackFile(), text);
    expect(await open().overrides()).toEqual(OVERRIDES);
    expect(await readFile(stackFile(), 'utf8')).toContain('master-1');
  });

  it('a local file that is gone is restored from its copy', async () => {
    await open().setOverrides(OVERRIDES);
    await rm(stackFile());
    expect(await open().overrides()).toEqual(OVERRIDES);
  });

  it('overrides that did not change are not written, and no draft is left behind', async () => {
    const workspace = open();
    await workspace.setOverrides(OVERRIDES);
    await Promise.all(Array.from({ length: 20 }, (_, i) => workspace.setOverrides({ a: { 'ghcr.io/o/a': `t${i}` } })));
    expect(await workspace.overrides()).toEqual({ a: { 'ghcr.io/o/a': 't19' } });
    expect((await readdir(directory)).sort()).toEqual(['Pulumi.prodesk.yaml', 'Pulumi.prodesk.yaml.bak']);
  });

  it('secret values are decrypted once per state of the file, and are in no argument', async () => {
    const workspace = open();
    await workspace.useProject({ project: PROJECT });
    await pulumi(['stack', 'init', ID.stack]);
    await pulumi(['config', 'set', '--secret', 'prodesk:app.password', 'xyzzy-plugh', '--stack', ID.stack]);
    await pulumi(['config', 'set', 'prodesk:domain', 'a.example', '--stack', ID.stack]);
    calls.length = 0;

    expect(await workspace.secrets()).toEqual({ 'app.password': 'xyzzy-plugh' });
    await workspace.setOverrides(OVERRIDES);
    expect(await workspace.secrets()).toEqual({ 'app.password': 'xyzzy-plugh' });
    expect(calls).toHaveLength(1);
    expect(calls.flat().join(' ')).not.toContain('xyzzy');
    expect(await workspace.settings()).toEqual({ settings: { domain: 'a.example' }, secretKeys: ['app.password'] });

    await pulumi(['config', 'set', '--secret', 'prodesk:app.password', 'rotated', '--stack', ID.stack]);
    expect(await workspace.secrets()).toEqual({ 'app.password': 'rotated' });
  });

  it('secrets that Git brings are readable before the stack exists', async () => {
    await open().useProject({ project: PROJECT });
    await pulumi(['stack', 'init', ID.stack]);
    await pulumi(['config', 'set', '--secret', 'prodesk:token', 'xyzzy-plugh', '--stack', ID.stack]);
    const fromGit = await readFile(stackFile(), 'utf8');
    await rm(join(root, 'backend'), { recursive: true });
    await mkdir(join(root, 'backend'));
    await rm(directory, { recursive: true });

    const workspace = open();
    await workspace.useProject({ project: PROJECT, stack: fromGit });
    expect(await workspace.secrets()).toEqual({ token: 'xyzzy-plugh' });
  });

  it('a wrong passphrase is said to be one', async () => {
    await open().useProject({ project: PROJECT });
    await pulumi(['stack', 'init', ID.stack]);
    await pulumi(['config', 'set', '--secret', 'prodesk:token', 'xyzzy-plugh', '--stack', ID.stack]);
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      PULUMI_BACKEND_URL: `file://${join(root, 'backend')}`,
      PULUMI_CONFIG_PASSPHRASE: 'wrong',
    };
    pulumi = createPulumiCommand({ program, directory, environment });
    await expect(open().secrets()).rejects.toMatchObject({ code: 'engine/passphrase' });
  });
});

describe('integration/engine-workspace: history', () => {
  it('the records of all but the latest updates are removed, in pairs', async () => {
    const history = join(root, 'backend', '.pulumi', 'history', ID.project, ID.stack);
    await mkdir(history, { recursive: true });
    const stamps = Array.from({ length: 60 }, (_, i) => `prodesk-${1795511087879930600n + BigInt(i)}`);
    for (const stamp of stamps) {
      await Promise.all(
        ['history.json', 'history.json.attrs', 'checkpoint.json', 'checkpoint.json.attrs'].map((suffix) =>
          writeFile(join(history, `${stamp}.${suffix}`), '{}'),
        ),
      );
    }
    await new FileBackend(join(root, 'backend'), ID).pruneHistory();
    const left = new Set((await readdir(history)).map((name) => name.split('.')[0]));
    expect([...left].sort()).toEqual(stamps.slice(10));
    expect(await readdir(history)).toHaveLength(200);
  });
});
