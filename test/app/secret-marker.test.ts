import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasSecretMarker,
  mapStrings,
  maskSecrets,
  replaceMarkers,
  secretKeysIn,
  secretMarker,
} from '../../src/app/secret-marker.js';
import { jsonValue } from './json-value.js';

describe('app/secret-marker', () => {
  it('keys are found at each depth, sorted, each once', () => {
    const value = {
      b: [`x ${secretMarker('mysql.user')} y ${secretMarker('mysql.root')}`],
      a: { c: secretMarker('mysql.user'), d: null, e: 5 },
    };

    expect(secretKeysIn(value)).toEqual(['mysql.root', 'mysql.user']);
  });

  it.each([
    [secretMarker('a'), true],
    [`x${secretMarker('a.b-c_d')}y`, true],
    ['', false],
    ['secret:a', false],
    ['⟦secret:⟧', false],
    ['⟦secret:a b⟧', false],
    ['⟦secret:a', false],
  ])('hasSecretMarker of %j is %j, each time', (text, expected) => {
    expect([hasSecretMarker(text), hasSecretMarker(text)]).toEqual([expected, expected]);
  });

  it('a text that holds a marker is masked whole, others are not', () => {
    expect(maskSecrets({ a: `x ${secretMarker('k')}`, b: ['y', secretMarker('k')], c: 1 })).toEqual({
      a: '<secret>',
      b: ['y', '<secret>'],
      c: 1,
    });
  });

  it('replaceMarkers asks for each marker’s key', () => {
    const asked: string[] = [];
    const text = replaceMarkers(`${secretMarker('a')}-${secretMarker('b')}`, (key) => {
      asked.push(key);
      return key.toUpperCase();
    });

    expect(text).toBe('A-B');
    expect(asked).toEqual(['a', 'b']);
  });

  it('mapStrings reaches each text and keeps all else', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(mapStrings(plain, (text) => text)).toEqual(plain);
        mapStrings(
          mapStrings(plain, () => 'seen'),
          (text) => {
            expect(text).toBe('seen');
            return text;
          },
        );
      }),
    );
  });
});
