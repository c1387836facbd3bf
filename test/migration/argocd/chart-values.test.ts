import { describe, expect, it } from 'vitest';
import { mergeValues, secretPaths, withParameter } from '../../../src/migration/argocd/chart-values.js';

describe('migration/argocd/chart-values', () => {
  it('merges maps and replaces everything else', () => {
    const below = { a: { x: 1, y: [1, 2] }, b: { c: 1 }, d: 1 };
    expect(mergeValues(below, { a: { y: [3] }, b: 2, e: null })).toEqual({ a: { x: 1, y: [3] }, b: 2, d: 1, e: null });
  });

  it.each([
    ['a.b', '1', { a: { b: 1, kept: true } }],
    ['a.c', 'true', { a: { kept: true, c: true } }],
    ['n\\.io/x', '007', { a: { kept: true }, 'n.io/x': '007' }],
    ['l[1].p', 'null', { a: { kept: true }, l: [null, { p: null }] }],
    ['l', '{a,2}', { a: { kept: true }, l: ['a', 2] }],
  ])('sets %s to %s as Helm does', (name, value, expected) => {
    expect(withParameter({ a: { kept: true } }, { name, value })).toEqual(expected);
  });

  it('keeps a text that is said to be one', () => {
    expect(withParameter({}, { name: 'port', value: '80', forceString: true })).toEqual({ port: '80' });
  });

  it('names what looks secret, and not what only refers to a Secret', () => {
    const values = {
      admin: { adminPassword: 'x', existingSecret: 'y', passwordKey: 'z' },
      token: '',
      api: { TOKEN: 'x' },
    };
    expect(secretPaths(values)).toEqual(['admin.adminPassword', 'api.TOKEN']);
  });
});
