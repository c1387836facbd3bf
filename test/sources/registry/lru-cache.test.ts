import { describe, expect, it } from 'vitest';
import { LruCache } from '../../../src/sources/registry/lru-cache.js';

describe('sources/registry/lru-cache', () => {
  it('the entry not used for longest leaves first', () => {
    const cache = new LruCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('it never holds more than its capacity', () => {
    const cache = new LruCache<number>(10);
    for (let index = 0; index < 1000; index += 1) {
      cache.set(`key-${index % 37}`, index);
    }
    expect(cache.size).toBe(10);
  });

  it('a deleted entry is gone', () => {
    const cache = new LruCache<number>(1);
    cache.set('a', 1);
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});
