import { describe, expect, it } from 'vitest';
import { RetryLater } from '../../src/cluster/retry-later.js';
import { FakeClock } from './fake-clock.js';

function create() {
  const clock = new FakeClock();
  const tried: string[] = [];
  const held = { now: false };
  const later = new RetryLater<string>(
    clock,
    () => held.now,
    (item) => tried.push(item),
  );
  return { clock, tried, held, later };
}

describe('cluster/retry-later', () => {
  it('each item is tried when its time came, with one timer at a time', async () => {
    const { clock, tried, later } = create();
    later.add('late', 300);
    later.add('early', 100);
    later.add('early', 5);
    expect(clock.pending()).toBe(1);
    await clock.advance(100);
    expect(tried).toEqual(['early']);
    await clock.advance(200);
    expect(tried).toEqual(['early', 'late']);
    expect(clock.pending()).toBe(0);
  });

  it('while it is held nothing is tried, and a flush tries all', async () => {
    const { clock, tried, held, later } = create();
    later.add('a', 100);
    held.now = true;
    await clock.advance(1000);
    expect(tried).toEqual([]);
    later.flush();
    expect(tried).toEqual(['a']);
  });

  it('deleted items are not tried', async () => {
    const { clock, tried, later } = create();
    later.add('a', 100);
    later.delete('a');
    await clock.advance(100);
    expect(tried).toEqual([]);
  });

  it('stop leaves no timer', () => {
    const { clock, later } = create();
    later.add('a', 100);
    later.stop();
    expect(clock.pending()).toBe(0);
  });
});
