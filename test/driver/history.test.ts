import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../src/driver/core/effects.js';
import { openHistory } from '../../src/driver/history.js';

function entry(at: number, app = 'web'): HistoryEntry {
  return { at, app, kind: 'sync', outcome: 'succeeded', images: {}, by: 'automated' };
}

describe('driver/history', () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'history-'));
    file = join(directory, 'state', 'history.jsonl');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('lists the newest first, of one application when it is named', async () => {
    const history = await openHistory(file);
    await history.append(entry(1));
    await history.append(entry(2, 'db'));
    await history.append(entry(3));
    expect(history.list(2).map(({ at }) => at)).toEqual([3, 2]);
    expect(history.list(10, 'web').map(({ at }) => at)).toEqual([3, 1]);
  });

  it('is there again after a restart', async () => {
    await (await openHistory(file)).append(entry(1));
    expect((await openHistory(file)).list(10)).toEqual([entry(1)]);
  });

  it('is readable by its owner only', async () => {
    await (await openHistory(file)).append(entry(1));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('a line that a crash tore loses itself, and not the next one', async () => {
    await (await openHistory(file)).append(entry(1));
    await appendFile(file, '{"at":2,"app":"we');
    await (await openHistory(file)).append(entry(3));
    expect((await openHistory(file)).list(10).map(({ at }) => at)).toEqual([3, 1]);
  });

  it.each(['null', '7', '"text"', '{}', '[]', 'not JSON'])('leaves out a line that is %s', async (line) => {
    await (await openHistory(file)).append(entry(1));
    await appendFile(file, `${line}\n`);
    expect((await openHistory(file)).list(10)).toEqual([entry(1)]);
  });

  it('keeps the newest 2,000, in memory and before long in the file', async () => {
    await openHistory(file);
    const lines = Array.from({ length: 3_999 }, (_, index) => JSON.stringify(entry(index)));
    await writeFile(file, `${lines.join('\n')}\n`);
    const history = await openHistory(file);
    for (let at = 4_000; at < 6_001; at += 1) {
      void history.append(entry(at));
    }
    await history.append(entry(6_001));
    expect(history.list(10_000)).toHaveLength(2_000);
    const kept = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(kept.length).toBeLessThanOrEqual(2_002);
    expect(JSON.parse(kept.at(-1) ?? '')).toEqual(entry(6_001));
  });

  it('appends at the same time are whole lines in order', async () => {
    const history = await openHistory(file);
    await Promise.all(Array.from({ length: 50 }, (_, at) => history.append(entry(at))));
    const reopened = await openHistory(file);
    expect(reopened.list(100).map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, index) => 49 - index));
  });

  it('a write that fails is told to the one who wrote it, and the next is tried', async () => {
    const history = await openHistory(file);
    await rm(directory, { recursive: true });
    await expect(history.append(entry(1))).rejects.toThrow('ENOENT');
    await openHistory(file);
    await history.append(entry(2));
    expect((await openHistory(file)).list(10).map(({ at }) => at)).toEqual([2]);
  });
});
