import { describe, expect, it } from 'vitest';
import { resolveSecrets } from '../../src/app/resolve-secrets.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import { manifestOf } from './json-value.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('app/resolve-secrets', () => {
  it.each([
    ['a whole text', secretMarker('mysql.root'), 'hunter2'],
    ['a part of a text', `requirepass ${secretMarker('mysql.root')}\n`, 'requirepass hunter2\n'],
    ['two in one text', `${secretMarker('mysql.root')}:${secretMarker('mysql.user')}`, 'hunter2:me'],
    ['a text in a list', [secretMarker('mysql.user')], ['me']],
    ['a value with replacement patterns', secretMarker('odd'), '$& $1 $$'],
    ['a value that looks like a marker', secretMarker('nested'), secretMarker('mysql.root')],
  ])('%s gets its value', (_what, text, expected) => {
    const values = { 'mysql.root': 'hunter2', 'mysql.user': 'me', odd: '$& $1 $$', nested: secretMarker('mysql.root') };

    expect(resolveSecrets(manifestOf('ConfigMap', { data: { x: text } }), values)).toEqual(
      manifestOf('ConfigMap', { data: { x: expected } }),
    );
  });

  it('a Secret’s stringData moves into data as base64, over what is there', () => {
    const secret = manifestOf('Secret', {
      type: 'Opaque',
      data: { kept: base64('old'), both: base64('old') },
      stringData: { both: secretMarker('a.b'), text: 'grüße' },
    });

    expect(resolveSecrets(secret, { 'a.b': 'new' })).toEqual(
      manifestOf('Secret', {
        type: 'Opaque',
        data: { kept: base64('old'), both: base64('new'), text: base64('grüße') },
      }),
    );
  });

  it.each([
    ['another kind', manifestOf('ConfigMap', { stringData: { a: 'b' } })],
    ['a Secret of another API group', manifestOf('Secret', { apiVersion: 'x.dev/v1', stringData: { a: 'b' } })],
    ['a Secret without stringData', manifestOf('Secret', { data: { a: base64('b') } })],
  ])('%s keeps its fields', (_what, manifest) => {
    expect(resolveSecrets(manifest, {})).toEqual(manifest);
  });

  it.each(['mysql.root', 'constructor'])(
    'a value that is not set (%s) is named with the command that sets it',
    (key) => {
      const secret = manifestOf('Secret', { stringData: { a: secretMarker(key) } });

      expect(() => resolveSecrets(secret, { other: 'x' })).toThrow(
        expect.objectContaining({
          code: 'config/missing',
          message: expect.stringContaining(`pulumi config set --secret prodesk:${key}`) as string,
        }),
      );
    },
  );

  it('the object that was given stays as it was', () => {
    const secret = manifestOf('Secret', { stringData: { a: secretMarker('k') } });
    const before = JSON.stringify(secret);
    resolveSecrets(secret, { k: 'v' });

    expect(JSON.stringify(secret)).toBe(before);
  });
});
