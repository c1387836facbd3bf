import { describe, expect, it } from 'vitest';
import { measureOf, ratioOf } from './statistics.js';

describe('test/bench/statistics', () => {
  describe('measureOf', () => {
    it.each([
      { values: [3], spread: { min: 3, median: 3, max: 3 } },
      { values: [9, 1, 5], spread: { min: 1, median: 5, max: 9 } },
      { values: [10, 9, 2, 1], spread: { min: 1, median: 5.5, max: 10 } },
    ])('$values lie around $spread.median', ({ values, spread }) => {
      expect(measureOf('a step', 'ms', values)).toEqual({ name: 'a step', unit: 'ms', ...spread });
    });

    it('leaves the values in their order', () => {
      const values = [2, 1];
      measureOf('a step', 'ms', values);
      expect(values).toEqual([2, 1]);
    });

    it('refuses to measure nothing, and names what', () => {
      expect(() => measureOf('a step', 'ms', [])).toThrow('nothing was measured for "a step"');
    });
  });

  it('a ratio goes from the most to the least favourable pair', () => {
    const one = measureOf('one', 'ms', [2, 4, 6]);
    const other = measureOf('other', 'ms', [1, 2, 8]);
    expect(ratioOf(one, other)).toEqual({ name: 'one / other', min: 0.25, median: 2, max: 6 });
  });
});
