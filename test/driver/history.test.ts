import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
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
    expect(history.list(10, 'nobody')).toEqual([]);
  });

  it('numbers the entries of each application, and goes on counting after a restart', async () => {
    const history = await openHistory(file);
    await history.append(entry(1));
    await history.append(entry(2, 'db'));
    await (await openHistory(file)).append(entry(3));
    expect((await openHistory(file)).list(10).map(({ app, id }) => `${app} ${id}`)).toEqual(['web 2', 'db 1', 'web 1']);
  });

  it('is there again after a restart, with what was changed', async () => {
    const changes = [{ object: 'Deployment default/web', operation: 'update', fields: ['/spec'] }] as const;
    await (await openHistory(file)).append({ ...entry(1), reason: 'commit c1', changes });
    expect((await openHistory(file)).list(10)).toEqual([{ ...entry(1), id: 1, reason: 'commit c1', changes }]);
  });

  it('numbers entries that have no number yet', async () => {
    await openHistory(file);
    await appendFile(file, `${JSON.stringify(entry(1))}\n${JSON.stringify(entry(2))}\n`);
    expect((await openHistory(file)).list(10).map(({ id }) => id)).toEqual([2, 1]);
  });

  it('is readable by its owner only', async () => {
    await (await openHistory(file)).append(entry(1));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps so many of one application, whatever others do', async () => {
    const history = await openHistory(file, { perApp: 3, total: 100 });
    await history.append(entry(1, 'db'));
    for (let at = 2; at < 8; at += 1) {
      await history.append(entry(at));
    }
    expect(history.list(100).map(({ app, id }) => `${app} ${id}`)).toEqual(['web 6', 'web 5', 'web 4', 'db 1']);
    expect((await openHistory(file, { perApp: 3, total: 100 })).list(100)).toEqual(history.list(100));
  });

  it('keeps so many in total, in memory and before long in the file', async () => {
    const limits = { perApp: 5, total: 10 };
    const history = await openHistory(file, limits);
    for (let at = 0; at < 35; at += 1) {
      await history.append(entry(at, `app-${at}`));
    }
    expect(history.list(100).map(({ at }) => at)).toEqual([34, 33, 32, 31, 30, 29, 28, 27, 26, 25]);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect((await openHistory(file, limits)).list(100)).toEqual(history.list(100));
  });
});
