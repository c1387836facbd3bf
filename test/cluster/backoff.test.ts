import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/cluster/backoff.js';

describe('cluster/backoff', () => {
  const limits = { minMs: 500, maxMs: 30_000 };
  it.each([
    [1, 0, 500],
    [2, 0, 1000],
    [7, 0, 30_000],
    [5000, 0, 30_000],
    [1, 1, 250],
    [2, 0.5, 750],
  ])('%d failures with jitter %d wait %d ms', (failures, random, expected) => {
    expect(backoffMs(failures, limits, random)).toBe(expected);
  });
});
