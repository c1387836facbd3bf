import { describe, expect, it } from 'vitest';
import { findQuantity, isMore } from '../../src/app/quantity.js';

describe('app/quantity', () => {
  it.each([
    ['1', 1],
    [2, 2],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['100m', 0.1],
    ['1Ki', 1024],
    ['1k', 1000],
    ['2Gi', 2 ** 31],
    ['1E', 1e18],
    ['1Ei', 2 ** 60],
    ['1e3', 1000],
    ['1E3', 1000],
    ['-1', -1],
    ['5u', 5e-6],
  ])('%s is an amount', (text, amount) => {
    expect(findQuantity(text)).toBeCloseTo(amount, 12);
  });

  it.each(['', 'm', '1 Gi', '1gb', '1KI', '1Mib', '1e', '--1', '0x10', '1,5', null, undefined, true, Number.NaN, {}])(
    '%s is none',
    (value) => {
      expect(findQuantity(value)).toBeUndefined();
    },
  );

  it.each([
    [2, 1, true],
    [1, 1, false],
    [0.1 + 0.2, 0.3, false],
    [1, 2, false],
    [1, Infinity, false],
  ])('%d is more than %d: %s', (amount, than, more) => {
    expect(isMore(amount, than)).toBe(more);
  });
});
