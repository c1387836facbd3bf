import { describe, expect, it } from 'vitest';
import { SecretNames, secretExpression } from '../../src/migration/secret-names.js';
import type { SourceObject } from '../../src/migration/source-object.js';

const secret = (name: string, fields: object): SourceObject => ({
  manifest: { apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...fields },
  origin: { file: 's.yaml', document: 1, line: 1 },
  notes: [],
});

describe('migration/secret-names', () => {
  it('names values by their keys, and by their Secrets where keys repeat or begin oddly', () => {
    const [one, two] = [
      secret('one', { data: { TOKEN: 'YQ==', ONLY: 'Yg==' } }),
      secret('two', { stringData: { TOKEN: 'c', '.dockerconfigjson': '{}' } }),
    ];
    const names = new SecretNames([one, two]);
    expect(names.valuesFor('app')).toEqual([
      { key: 'app.one.TOKEN', value: 'a', encrypted: false },
      { key: 'app.ONLY', value: 'b', encrypted: false },
      { key: 'app.two.TOKEN', value: 'c', encrypted: false },
      { key: 'app.two.dockerconfigjson', value: '{}', encrypted: false },
    ]);
    expect(names.of(one.manifest).map((value) => secretExpression(value).text)).toEqual([
      'context.secret("one.TOKEN")',
      'context.secret("ONLY")',
    ]);
  });

  it('lets stringData win over data, and keeps bytes that are no text as base64', () => {
    const names = new SecretNames([secret('s', { data: { A: 'YQ==', B: '/v8=' }, stringData: { A: 'newer' } })]);
    expect(names.valuesFor('x').map(({ value }) => value)).toEqual(['/v8=', 'newer']);
  });

  it('says where a value is not base64, without showing it', () => {
    expect(() => new SecretNames([secret('s', { data: { A: 'sentinel!' } })])).toThrow(
      /^s\.yaml, document 1 \(line 1\): data\.A is not base64$/,
    );
  });

  it('takes values from the encrypted files that they are in, each file under a name of its own', () => {
    const sealed = (name: string, fields: object, text: string): SourceObject => ({
      ...secret(name, fields),
      encrypted: { ciphertext: name, file: { path: 'db.sops.yaml', text } },
    });
    const one = sealed('one', { stringData: { A: 'stand-in' } }, 'first');
    const two = sealed('two', { data: { A: 'c3RhbmQtaW4=' } }, 'second');
    const names = new SecretNames([one, two, secret('three', { stringData: { A: 'plain' } })]);
    const expressions = [one, two].flatMap(({ manifest }) =>
      names.of(manifest).map((value) => secretExpression(value).text),
    );
    expect(expressions).toEqual([
      'context.sops("db.sops.yaml")("stringData", "A")',
      'context.sops("db-2.sops.yaml")("data", "A")',
    ]);
    expect(names.valuesFor('x')).toEqual([{ key: 'x.A', value: 'plain', encrypted: false }]);
    expect(names.resolvedFor('x')).toEqual({
      'sops:x/db.sops.yaml#stringData/A': 'stand-in',
      'sops:x/db-2.sops.yaml#data/A': 'c3RhbmQtaW4=',
      'x.A': 'plain',
    });
    expect(names.filesOf(two.manifest)).toEqual([{ path: 'db-2.sops.yaml', text: 'second' }]);
  });
});
