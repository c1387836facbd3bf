import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/app/canonical-json.js';
import { jsonValue, withReversedKeys } from './json-value.js';

describe('app/canonical-json', () => {
  it.each([
    ['keys are sorted at each depth', { b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    ['the order of a list is kept', [3, 1, { b: 1, a: 2 }], '[3,1,{"a":2,"b":1}]'],
    ['undefined is left out', { a: undefined, b: null }, '{"b":null}'],
    ['capital letters come before small ones', { a: 1, B: 2 }, '{"B":2,"a":1}'],
    ['a plain value is itself', 'x', '"x"'],
  ])('%s', (_rule, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('the order of keys makes no difference, and nothing is lost', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(withReversedKeys(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
