import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/base/retry-after.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

describe('base/retry-after', () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    [' 30 ', 30_000],
    ['3600', 3_600_000],
    ['999999999999999999999', 3_600_000],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['Tue, 24 Nov 2099 11:00:00 GMT', 3_600_000],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-11-24', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j waits %j ms', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
