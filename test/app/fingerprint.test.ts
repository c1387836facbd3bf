import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, keyedFingerprintOf } from '../../src/app/fingerprint.js';
import type { Manifest } from '../../src/app/manifest.js';
import { jsonValue, manifestOf, withReversedKeys } from './json-value.js';

describe('app/fingerprint', () => {
  it.each([
    ['fingerprintOf', fingerprintOf],
    ['keyedFingerprintOf', (objects: readonly Manifest[]) => keyedFingerprintOf(objects, 'key')],
  ])('%s is 16 hexadecimal digits that do not change with the order of keys', (_name, fingerprint) => {
    fc.assert(
      fc.property(jsonValue, (spec) => {
        const object = manifestOf('Deployment', { spec });
        expect(fingerprint([object])).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprint([withReversedKeys(object) as Manifest])).toBe(fingerprint([object]));
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

  it('a keyed fingerprint cannot be made without its key', () => {
    const objects = [manifestOf('Secret', { data: { password: 'aHVudGVyMg==' } })];

    expect(keyedFingerprintOf(objects, 'one')).not.toBe(keyedFingerprintOf(objects, 'two'));
    expect(keyedFingerprintOf(objects, 'one')).not.toBe(fingerprintOf(objects));
  });
});
