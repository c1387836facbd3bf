import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseOwner, tryLock, waitForLock, type LockOptions } from '../../src/sandbox/process-lock.js';

/** Processes by id, with the time they started. */
function processes(living: Readonly<Record<number, string>>, pid = 1): LockOptions {
  return { pid, identify: (id) => Promise.resolve(living[id]) };
}

describe('sandbox/process-lock', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prodesk-lock-'));
    path = join(folder, 'locks', 'etcd.lock');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('a free lock is taken, and released without a trace', async () => {
    const attempt = await tryLock(path, processes({ 1: 'monday' }));

    expect(attempt.kind).toBe('held');
    expect(await readFile(path, 'utf8')).toBe('{"pid":1,"started":"monday"}');
    await (attempt.kind === 'held' ? attempt.lock.release() : undefined);
    expect(await readdir(join(folder, 'locks'))).toEqual([]);
  });

  it('the lock of a living process is busy', async () => {
    await tryLock(path, processes({ 1: 'monday', 2: 'monday' }));

    expect(await tryLock(path, processes({ 1: 'monday', 2: 'monday' }, 2))).toEqual({
      kind: 'busy',
      owner: { pid: 1, started: 'monday' },
    });
  });

  it.each([
    ['an owner that is gone', '{"pid":7,"started":"monday"}', {}],
    ['an owner whose number another process has now', '{"pid":7,"started":"monday"}', { 7: 'tuesday' }],
    ['something that is no lock', 'pid 7', { 7: 'monday' }],
    ['nothing in it', '', {}],
  ])('the lock with %s is broken', async (_, content, living) => {
    const first = await tryLock(path, processes({ 1: 'monday' }));
    await (first.kind === 'held' ? first.lock.release() : undefined);
    await writeFile(path, content);

    expect((await tryLock(path, processes({ ...living, 1: 'monday' }))).kind).toBe('held');
    expect(await readdir(join(folder, 'locks'))).toEqual(['etcd.lock']);
  });

  it('of many that break the same lock one gets it', async () => {
    const first = await tryLock(path, processes({ 1: 'monday' }));
    await (first.kind === 'held' ? first.lock.release() : undefined);
    await writeFile(path, '{"pid":7,"started":"monday"}');
    const living = Object.fromEntries(Array.from({ length: 9 }, (_, pid) => [pid, 'monday']));
    delete living[7];
    const attempts = await Promise.all([1, 2, 3, 4, 5, 6].map((pid) => tryLock(path, processes(living, pid))));

    expect(attempts.filter(({ kind }) => kind === 'held')).toHaveLength(1);
  });

  it('who waits is told once for whom, and gets the lock when it is released', async () => {
    const living = processes({ 1: 'monday', 2: 'monday' });
    const first = await tryLock(path, living);
    const told: number[] = [];
    const second = waitForLock(
      path,
      ({ pid }) => {
        told.push(pid);
        void (first.kind === 'held' ? first.lock.release() : undefined);
      },
      { ...living, pid: 2 },
    );

    await (await second).release();
    expect(told).toEqual([1]);
  });

  it.each(['', '{}', '{"pid":"7","started":"x"}', '{"pid":7', 'null'])('%j names no owner', (text) => {
    expect(parseOwner(text)).toBeUndefined();
  });
});
