import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/app/fingerprint.js';
import type { Manifest } from '../../src/app/manifest.js';
import { jsonValue, manifestOf, withReversedKeys } from './json-value.js';

describe('app/fingerprint', () => {
  it('is 16 hexadecimal digits that do not change with the order of keys', () => {
    fc.assert(
      fc.property(jsonValue, (spec) => {
        const object = manifestOf('Deployment', { spec });
        expect(fingerprintOf([object])).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprintOf([withReversedKeys(object) as Manifest])).toBe(fingerprintOf([object]));
      }),
    );
  });

  it('another field, value, object or order of objects gives another fingerprint', () => {
    const [a, b] = [manifestOf('Service', { spec: { port: 1 } }), manifestOf('Service', { spec: { port: 2 } })];
    const all = [
      [],
      [a],
      [b],
      [a, b],
      [b, a],
      [a, a],
      [{ ...a, extra: false }],
      [manifestOf('Service', { spec: { port: '1' } })],
    ];

    expect(new Set(all.map(fingerprintOf)).size).toBe(all.length);
  });
});
