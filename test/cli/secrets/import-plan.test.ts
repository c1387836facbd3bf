import { describe, expect, it } from 'vitest';
import { entriesOfSecret, entriesOfTree, isSecretManifest, planImport } from '../../../src/cli/secrets/import-plan.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('cli/secrets/import-plan', () => {
  describe('planImport', () => {
    const values = [
      { name: 'A', value: 'sentinel' },
      { name: '.dockerconfigjson', value: '{}' },
      { name: 'E', value: '' },
    ];

    it('each value becomes a secret of the application, under the nearest name', () => {
      const plan = planImport(values, { app: 'shop', existing: [], replace: false });
      expect(plan.entries.map(({ key }) => key)).toEqual(['shop.A', 'shop.dockerconfigjson']);
      expect(plan.skipped).toEqual([{ name: 'E', reason: 'it is empty' }]);
    });

    it.each([
      [false, ['shop.dockerconfigjson'], ['A', 'E']],
      [true, ['shop.A', 'shop.dockerconfigjson'], ['E']],
    ])('what is set already, with replace %s', (replace, keys, skipped) => {
      const plan = planImport(values, { app: 'shop', existing: ['shop.A'], replace });
      expect(plan.entries.map(({ key }) => key)).toEqual(keys);
      expect(plan.skipped.map(({ name }) => name)).toEqual(skipped);
      expect(JSON.stringify(plan.skipped)).not.toContain('sentinel');
    });

    it('two values of one name are refused before anything is set', () => {
      const twice = [...values, { name: 'dockerconfigjson', value: 'x' }];
      expect(() => planImport(twice, { app: 'shop', existing: [], replace: true })).toThrow(
        'prodesk:shop.dockerconfigjson',
      );
    });
  });

  it('a Secret is decoded, and its plain texts win', () => {
    const secret = { data: { A: base64('ä\n'), B: base64('old') }, stringData: { B: 'new' } };
    expect(entriesOfSecret(secret)).toEqual([
      { name: 'A', value: 'ä\n' },
      { name: 'B', value: 'new' },
    ]);
    expect(entriesOfSecret({ data: null })).toEqual([]);
  });

  it('bytes that are no text are refused by name', () => {
    expect(() => entriesOfSecret({ data: { KEYSTORE: Buffer.from([0xff, 0xfe]).toString('base64') } })).toThrow(
      'KEYSTORE is not a text',
    );
  });

  it('other files give each value its path', () => {
    expect(entriesOfTree({ a: 'x', b: { c: 5n, d: [true, null] }, e: null })).toEqual([
      { name: 'a', value: 'x' },
      { name: 'b.c', value: '5' },
      { name: 'b.d.0', value: 'true' },
    ]);
    expect(entriesOfTree('whole', ['redis.conf'])).toEqual([{ name: 'redis.conf', value: 'whole' }]);
  });

  it.each([
    [{ kind: 'Secret' }, true],
    [{ kind: 'ConfigMap' }, false],
    [null, false],
    ['Secret', false],
  ])('%j is a Secret: %s', (tree, expected) => {
    expect(isSecretManifest(tree)).toBe(expected);
  });
});
