import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/sources/registry/limiter.js';

describe('sources/registry/limiter', () => {
  it('runs as many at a time as there are places, in order, and all of them', async () => {
    const limiter = createLimiter(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = (id: number) => async (): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      order.push(id);
      await Promise.resolve();
      running -= 1;
      return id;
    };
    expect(await Promise.all([1, 2, 3, 4, 5].map((id) => limiter(work(id))))).toEqual([1, 2, 3, 4, 5]);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('work that fails gives its place back', async () => {
    const limiter = createLimiter(1);
    await expect(limiter(() => Promise.reject(new Error('x')))).rejects.toThrowError('x');
    expect(await limiter(() => Promise.resolve('next'))).toBe('next');
  });
});
