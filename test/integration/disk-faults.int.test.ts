import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { createDiskWatch } from '../../src/driver/disk-watch.js';
import { openHistory } from '../../src/driver/history.js';
import { openJournal } from '../../src/driver/journal.js';
import { readMemory, writeMemory } from '../../src/driver/memory.js';
import { createWorkspace } from '../../src/engine/workspace.js';
import { createGitSource } from '../../src/sources/git/git-source.js';
import { viewOf } from '../../src/server/view.js';
import { FakeClock } from '../cluster/fake-clock.js';
import { application, IMAGE } from '../driver/core/scenario.js';
import { FakeWorld } from '../driver/fake-world.js';
import {
  ID,
  liveOf,
  newTestStack,
  pathOf,
  requestFor,
  startTestCluster,
  webApp,
  type TestCluster,
} from '../engine/test-engine.js';
import { startGitRemote } from '../support/git-remote.js';
import { openSmallDisk, type SmallDisk } from '../support/small-disk.js';

const MIB = 1024 * 1024;
const possible = openSmallDisk(8);
/** Closed at the end, also where there is none. */
const disk: SmallDisk = possible as SmallDisk;

/** How the disk cannot be written to, what that is called, and how it ends. */
const TROUBLES: readonly (readonly [string, string, () => Promise<void>])[] = [
  ['full', 'disk/full', () => disk.fill()],
  ['read-only', 'disk/read-only', () => disk.setReadOnly(true)],
];

function uidOf(live: Readonly<Record<string, unknown>>): { readonly uid: unknown } {
  return { uid: (live['metadata'] as { readonly uid: unknown }).uid };
}

async function end(): Promise<void> {
  await disk.setReadOnly(false);
  await disk.empty();
}

describe.skipIf(possible === undefined)('integration/disk-faults', () => {
  afterEach(end);
  afterAll(() => disk.close());

  describe.each(TROUBLES)('a disk that is %s', (what, code, begin) => {
    it('loses no entry of a journal and tears none', async () => {
      const clock = new FakeClock();
      const file = join(disk.path, `journal-${what}.jsonl`);
      const parse = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
      const open = () => openJournal<string>({ file, parse, kept: () => [], limit: 100, clock });
      const journal = await open();
      const entries = ['a', 'b', 'c'].map((letter) => letter.repeat(5_000));
      await journal.append(entries[0] ?? '');
      await begin();
      const refused = { code, message: expect.stringContaining(file) as unknown };
      await expect(journal.append(entries[1] ?? '')).rejects.toMatchObject(refused);
      await expect(journal.append(entries[2] ?? '')).rejects.toMatchObject(refused);
      expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(entries[0])}\n`);
      await end();
      await clock.advance(10_000);
      await vi.waitFor(async () => expect((await open()).entries).toEqual(entries));
    });

    it('leaves what was remembered as it was', async () => {
      const file = join(disk.path, `memory-${what}.json`);
      const paused = { by: 'me', at: 1, reason: 'x'.repeat(9_000) };
      await writeMemory(file, { apps: {}, paused });
      await begin();
      const other = { apps: {}, paused: { ...paused, reason: 'y'.repeat(9_000) } };
      await expect(writeMemory(file, other)).rejects.toMatchObject({ code });
      expect((await readMemory(file)).memory).toEqual({ apps: {}, paused });
      await end();
      await writeMemory(file, other);
      expect((await readMemory(file)).memory).toEqual(other);
      expect((await readdir(disk.path)).filter((name) => name.endsWith('.new'))).toEqual([]);
    });

    it('leaves the settings and image overrides as they were', async () => {
      const pulumi = () => Promise.resolve('');
      const directory = join(disk.path, `workspace-${what}`);
      const workspace = createWorkspace({ directory, id: ID, pulumi, logger: silentLogger });
      await workspace.useProject({ project: 'name: prodesk\nruntime: nodejs\n' });
      await workspace.setOverrides({ web: { [IMAGE]: 'master-1' } });
      await begin();
      const file = expect.stringContaining('Pulumi.prodesk.yaml') as unknown;
      const change = { web: { [IMAGE]: 'x'.repeat(9_000) } };
      await expect(workspace.setOverrides(change)).rejects.toMatchObject({ code, message: file });
      expect(await workspace.overrides()).toEqual({ web: { [IMAGE]: 'master-1' } });
      await end();
      await workspace.setOverrides(change);
      expect(await workspace.overrides()).toEqual(change);
      expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    });

    it('refuses a commit for now, and takes it later', async () => {
      const remote = await startGitRemote();
      try {
        const commit = await remote.commit({ 'apps/a/app.ts': 'x'.repeat(200_000) });
        const git = createGitSource({
          url: remote.path,
          branch: 'master',
          directory: join(disk.path, `git-${what}`),
          timeoutMs: 20_000,
          logger: silentLogger,
        });
        await git.head();
        await begin();
        await expect(git.checkout(commit)).rejects.toMatchObject({ code, disposition: 'retry' });
        await end();
        const { directory } = await git.checkout(commit);
        expect(await readFile(join(directory, 'apps/a/app.ts'), 'utf8')).toHaveLength(200_000);
      } finally {
        await remote.stop();
      }
    });

    it('is told in the status of a daemon that goes on by itself when it is well again', async () => {
      const world = new FakeWorld(disk.path);
      const options = { directories: [world.directory], neededBytes: MIB, clock: world.clock, logger: silentLogger };
      world.realDisk = createDiskWatch(options);
      world.realHistory = await openHistory(join(world.directory, 'history.jsonl'));
      try {
        world.push([application('web')]);
        const daemon = await world.boot();
        const records = { history: world.realHistory, audit: { list: () => [] } };
        const orphans = { find: () => Promise.reject(new Error('not asked')), latest: () => undefined };
        const view = viewOf(daemon.loop, records, {
          orphans,
          disk: world.realDisk,
          receivers: { test: () => Promise.resolve(undefined), counts: () => ({}) },
        });
        await world.pass(5_000);
        await vi.waitFor(() => expect(view.history(10)).not.toEqual([]));
        await begin();
        world.push([application('web', { note: 'x' })]);
        await world.pass(300_000, 30);
        await vi.waitFor(() => expect(view.status().disk?.code).toBe(code));
        expect(view.status().disk?.message).toContain(disk.path);
        expect(view.status()).toMatchObject({ revision: { commit: 'c2' }, apps: [{ name: 'web', sync: 'OutOfSync' }] });
        await end();
        await vi.waitFor(async () => {
          await world.pass(120_000, 10);
          expect(view.status().apps).toMatchObject([{ sync: 'Synced' }]);
        });
        expect(view.status().disk).toBeUndefined();
        await world.remembered();
      } finally {
        await end();
        await world.remove();
      }
    });
  });

  describe('the engine', () => {
    let cluster: TestCluster;

    beforeAll(async () => {
      cluster = await startTestCluster();
    });
    afterAll(() => cluster.stop());

    it.each([
      ['from the start', 0],
      ['when the objects are made and the state is to be kept', 28 * 1024],
    ])('on a disk that is full %s has its last state again when there is space, and goes on', async (_when, free) => {
      const stack = await newTestStack(cluster, { folder: disk.path });
      try {
        expect((await stack.engine.update(requestFor([webApp('one')]))).failures).toEqual([]);
        const before = await stack.engine.outputs();
        await disk.fill(free);
        await expect(stack.engine.update(requestFor([webApp('two')]))).rejects.toMatchObject({ code: 'disk/full' });
        await stack.engine.recover().catch((error: unknown) => expect(error).toMatchObject({ code: 'disk/full' }));
        const made = await liveOf(cluster.plane, pathOf('deployments', 'two'));
        await disk.empty();

        await stack.engine.recover();
        expect(await stack.engine.outputs()).toEqual(before);
        expect((await stack.engine.update(requestFor([webApp('one'), webApp('two')]))).failures).toEqual([]);

        const live = await liveOf(cluster.plane, pathOf('deployments', 'two'));
        expect(made === undefined).toBe(free === 0);
        expect(live?.['metadata']).toMatchObject(made === undefined ? {} : uidOf(made));
      } finally {
        await stack.stop();
      }
    });
  });
});
