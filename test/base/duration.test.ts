import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/base/duration.js';

describe('base/duration', () => {
  describe('parseDuration', () => {
    it.each([
      ['250ms', 250],
      ['90s', 90_000],
      ['3m', 180_000],
      ['1h30m', 5_400_000],
      ['1.5s', 1_500],
      ['2d', 172_800_000],
      ['1m1ms', 60_001],
      ['0s', 0],
    ])('%s is %d ms', (text, ms) => {
      expect(parseDuration(text)).toBe(ms);
    });

    it.each(['', '5', 's', '-3m', '3 m', '3m ', '1h30', '3min', '1e3s', 'P3M', '3M'])(
      '%j is refused and quoted',
      (text) => {
        expect(() => parseDuration(text)).toThrow(
          new RangeError(`not a duration: "${text}" (write it like 90s, 3m or 1h30m)`),
        );
      },
    );
  });

  describe('formatDuration', () => {
    it.each([
      [0, '0ms'],
      [850, '850ms'],
      [999.4, '999ms'],
      [2_400, '2.4s'],
      [59_940, '59.9s'],
      [60_000, '1m0s'],
      [190_000, '3m10s'],
      [3_900_000, '1h5m'],
      [90_000_000, '25h0m'],
    ])('%d ms is %s', (ms, text) => {
      expect(formatDuration(ms)).toBe(text);
    });

    it('never writes 60 of a unit, or 1000 ms', () => {
      fc.assert(
        fc.property(fc.double({ min: 0, max: 10 * 3_600_000, noNaN: true }), (ms) => {
          expect(formatDuration(ms)).not.toMatch(/\b(60s|60m|1000ms)|m60s|h60m/);
        }),
      );
    });

    it('what it writes can be read again, to within its precision', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 100 * 3_600_000 }), (ms) => {
          const precision = ms < 1_000 ? 0.5 : ms < 60_000 ? 50 : ms < 3_600_000 ? 500 : 60_000;
          expect(Math.abs(parseDuration(formatDuration(ms)) - ms)).toBeLessThanOrEqual(precision);
        }),
      );
    });
  });
});
