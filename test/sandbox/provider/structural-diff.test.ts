import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/sandbox/provider/json.js';
import { formatPath } from '../../../src/sandbox/provider/property-path.js';
import { differencesOf } from '../../../src/sandbox/provider/structural-diff.js';

describe('sandbox/provider/structural-diff', () => {
  it.each<[string, Json, Json, string[]]>([
    ['equal objects do not differ, whatever the order of keys', { a: 1, b: [2] }, { b: [2], a: 1 }, []],
    ['a new key is an addition', { a: 1 }, { a: 1, b: 2 }, ['add b']],
    ['a missing key is a deletion', { a: { b: 1, c: 2 } }, { a: { b: 1 } }, ['delete a.c']],
    ['another value is an update', { a: { b: 1 } }, { a: { b: 2 } }, ['update a.b']],
    ['a number is not its text', { a: 80 }, { a: '80' }, ['update a']],
    ['list elements are compared one by one', { a: [1, 2] }, { a: [1, 3, 4] }, ['update a[1]', 'add a[2]']],
    ['another shape is an update', { a: [1] }, { a: { b: 1 } }, ['update a']],
  ])('%s', (_rule, previous, next, expected) => {
    expect(differencesOf(previous, next).map(({ kind, path }) => `${kind} ${formatPath(path)}`)).toEqual(expected);
  });
});
