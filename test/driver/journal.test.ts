import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJournal } from '../../src/driver/journal.js';
import { FakeClock } from '../cluster/fake-clock.js';

describe('driver/journal', () => {
  let directory: string;
  let file: string;
  let clock: FakeClock;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    clock = new FakeClock();
    file = join(directory, 'state', 'journal.jsonl');
  });
  afterEach(() => rm(directory, { recursive: true }));

  function open() {
    const parse = (value: unknown) => (typeof value === 'number' ? value : undefined);
    return openJournal<number>({ file, parse, kept: () => [], limit: 100, clock });
  }

  it('a line that a crash tore loses itself, and not the next one', async () => {
    await (await open()).append(1);
    await appendFile(file, '[2, "to');
    await (await open()).append(3);
    expect((await open()).entries).toEqual([1, 3]);
  });

  it.each(['null', '"text"', '{}', '[]', 'not JSON', ''])('leaves out a line that is %s', async (line) => {
    await (await open()).append(1);
    await appendFile(file, `${line}\n`);
    expect((await open()).entries).toEqual([1]);
  });

  it('appends at the same time are whole lines in order', async () => {
    const journal = await open();
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(numbers.map((number) => journal.append(number)));
    expect((await open()).entries).toEqual(numbers);
  });

  it('a write that fails is told to the one who wrote it, and the entry is written with the next', async () => {
    const journal = await open();
    await rm(join(directory, 'state'), { recursive: true });
    await expect(journal.append(1)).rejects.toThrow('ENOENT');
    await open();
    await journal.append(2);
    expect((await open()).entries).toEqual([1, 2]);
  });

  it('an entry that could not be written is written later without being asked', async () => {
    const journal = await open();
    await rm(join(directory, 'state'), { recursive: true });
    await expect(journal.append(1)).rejects.toThrow('ENOENT');
    await clock.advance(10_000);
    await open();
    await clock.advance(10_000);
    await vi.waitFor(async () => expect((await open()).entries).toEqual([1]));
  });
});
