import { describe, expect, it } from 'vitest';
import { judgeRemoval } from '../../../src/driver/core/prune-guard.js';

describe('driver/core/prune-guard', () => {
  it.each([
    ['none of ten', 10, 0, false],
    ['one of two', 2, 1, false],
    ['one of ten', 10, 1, false],
    ['the only one', 1, 1, true],
    ['exactly half', 10, 5, false],
    ['more than half', 10, 6, true],
    ['two of three', 3, 2, true],
    ['all', 10, 10, true],
  ])('a commit that removes %s: held', (_what, known, removed, held) => {
    expect(judgeRemoval(known, removed, 0.5).held).toBe(held);
  });

  it('a limit of 1 still holds a commit that removes every application', () => {
    expect(judgeRemoval(4, 3, 1)).toEqual({ held: false });
    expect(judgeRemoval(4, 4, 1)).toEqual({ held: true, reason: 'the commit removes every application (4)' });
  });
});
