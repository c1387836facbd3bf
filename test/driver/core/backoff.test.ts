import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, HEAL_BACKOFF, SYNC_BACKOFF } from '../../../src/driver/core/backoff.js';

describe('driver/core/backoff', () => {
  it.each([
    ['a sync as Argo CD does', SYNC_BACKOFF, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 180_000, 180_000]],
    ['a heal as Argo CD does', HEAL_BACKOFF, [2_000, 6_000, 18_000, 54_000, 162_000, 300_000, 300_000]],
  ])('spaces the attempts of %s', (_what, backoff, expected) => {
    expect(expected.map((_, index) => backoffMs(backoff, index + 1, 0.5))).toEqual(expected);
  });

  it('is spread over 80 % to 120 % and stays within them for any count of failures', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const wait = backoffMs(SYNC_BACKOFF, failures, random);
        expect(wait).toBeGreaterThanOrEqual(SYNC_BACKOFF.first * 0.8);
        expect(wait).toBeLessThanOrEqual(SYNC_BACKOFF.cap * 1.2);
      }),
    );
  });
});
