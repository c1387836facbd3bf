import { describe, expect, it } from 'vitest';
import { coalesce } from '../../../src/server/webhooks/coalesce.js';
import { FakeClock } from '../../cluster/fake-clock.js';

describe('server/webhooks/coalesce', () => {
  it('the first call acts at once, and any number of others once more at the end', async () => {
    const clock = new FakeClock();
    const acts: number[] = [];
    const call = coalesce(clock, 5000, () => acts.push(clock.now()));
    const start = clock.now();
    for (let index = 0; index < 1000; index += 1) {
      call();
    }
    expect(clock.pending()).toBe(1);
    await clock.advance(60_000);
    expect(acts).toEqual([start, start + 5000]);
    expect(clock.pending()).toBe(0);
  });

  it('a call after the interval acts at once again', async () => {
    const clock = new FakeClock();
    let acts = 0;
    const call = coalesce(clock, 5000, () => (acts += 1));
    call();
    await clock.advance(5000);
    call();
    expect(acts).toBe(2);
  });
});
