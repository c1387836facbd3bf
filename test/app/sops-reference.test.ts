import { describe, expect, it } from 'vitest';
import { hasSecretMarker, secretKeysIn, secretMarker } from '../../src/app/secret-marker.js';
import {
  findSopsReference,
  sopsKey,
  sopsPathOf,
  type SopsReference,
  stackKeysIn,
} from '../../src/app/sops-reference.js';

describe('app/sops-reference', () => {
  it.each<SopsReference>([
    { app: 'shop', file: 'db.sops.yaml', path: ['DB_PASSWORD'] },
    { app: 'shop', file: 'secrets/db.sops.json', path: ['stringData', 'redis.conf'] },
    { app: 'shop', file: 'x.sops.env', path: ['a/b#c d⟧', "it's (ü) 100%"] },
    { app: 'shop', file: 'redis.sops.conf' },
    { app: 'shop', file: 'redis.conf.sops' },
  ])('%j comes back from its key, and from its marker', (reference) => {
    const key = sopsKey(reference);
    const marker = secretMarker(key);
    expect(findSopsReference(key)).toEqual(reference);
    expect(hasSecretMarker(marker)).toBe(true);
    expect(secretKeysIn(`x ${marker} y`)).toEqual([key]);
  });

  it.each(['../db.sops.yaml', '/etc/x.sops.yaml', 'a/../b.sops.yaml', 'db.yaml', 'sops.yaml', 'a b.sops.yaml', ''])(
    '%j is no file of an application',
    (file) => {
      expect(() => sopsKey({ app: 'shop', file, path: ['A'] })).toThrow(
        `apps/shop/, such as "db.sops.yaml": "${file}"`,
      );
    },
  );

  it.each([[[]], [['a', '']]])('the path %j names no value', (path) => {
    expect(() => sopsKey({ app: 'shop', file: 'db.sops.yaml', path })).toThrow("sops('db.sops.yaml')('DB_PASSWORD')");
  });

  it('a stack-config key is no reference', () => {
    expect(findSopsReference('shop.DB_PASSWORD')).toBeUndefined();
  });

  it('only keys of the stack are to be set in the stack', () => {
    const fromFile = secretMarker(sopsKey({ app: 'shop', file: 'db.sops.yaml', path: ['A'] }));
    expect(stackKeysIn([secretMarker('shop.B'), { x: `${fromFile}${secretMarker('shop.A')}` }])).toEqual([
      'shop.A',
      'shop.B',
    ]);
  });

  it('the file is below the application’s folder', () => {
    expect(sopsPathOf({ app: 'shop', file: 'a/b.sops.yaml' })).toBe('apps/shop/a/b.sops.yaml');
  });
});
