import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/sandbox/provider/json.js';
import { hasSecret, hasUnknown, plainOf, secretOf, UNKNOWN } from '../../../src/sandbox/provider/property-value.js';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';

describe('sandbox/provider/property-value', () => {
  it.each<[string, Json, Json]>([
    ['a secret', { a: secretOf({ b: secretOf('x') }) }, { a: { b: 'x' } }],
    ['an output', { a: { [SIGNATURE]: OUTPUT, value: 1 } }, { a: 1 }],
    ['an unknown output', { a: { [SIGNATURE]: OUTPUT } }, { a: UNKNOWN }],
    ['a null field', { a: null, b: [null] }, { b: [null] }],
    [
      'a schema keyword that SDKs write with underscores',
      { x_kubernetes_list_type: 'map' },
      { 'x-kubernetes-list-type': 'map' },
    ],
  ])('%s becomes plain', (_what, value, expected) => {
    expect(plainOf(value)).toEqual(expected);
  });

  it('finds secrets and unknown values at any depth', () => {
    expect(hasSecret({ a: [{ b: secretOf(1) }] })).toBe(true);
    expect(hasSecret({ a: [{ b: 1 }] })).toBe(false);
    expect(hasUnknown({ a: [secretOf(UNKNOWN)] })).toBe(true);
    expect(hasUnknown({ a: ['x'] })).toBe(false);
  });

  it('a secret is not wrapped twice', () => {
    expect(secretOf(secretOf('a'))).toEqual(secretOf('a'));
  });
});
