import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { limitRate } from '../../src/server/rate-limit.js';
import { FakeClock } from '../cluster/fake-clock.js';

describe('server/rate-limit', () => {
  it('answers a burst, then so many a second, and tells the others to come back', async () => {
    const clock = new FakeClock();
    const app = new Hono().use(limitRate({ perSecond: 2, burst: 3 }, clock)).get('/', (context) => context.text('ok'));
    const statuses = async (count: number): Promise<number[]> => {
      const found: number[] = [];
      for (let index = 0; index < count; index += 1) {
        found.push((await app.request('/')).status);
      }
      return found;
    };
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    expect((await app.request('/')).headers.get('retry-after')).toBe('1');
    await clock.advance(1000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await clock.advance(3_600_000);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });
});
