import { describe, expect, it } from 'vitest';
import { readJsonDocuments } from '../../src/migration/json-documents.js';
import { parseManifests } from '../../src/migration/parse-manifests.js';

const config = (name: string): string =>
  JSON.stringify(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: `} { ${name} \\"[` } },
    null,
    2,
  );
const names = (text: string, file: string): string[] =>
  parseManifests(text, file).objects.map(({ manifest }) => manifest.metadata.name);

describe('migration/json-documents', () => {
  it.each([
    ['one value', config('a'), 'a.json', ['a']],
    ['values after each other', `${config('a')}\n${config('b')}`, 'a.json', ['a', 'b']],
    ['values with nothing between them', `${config('a')}${config('b')}`, 'a.json', ['a', 'b']],
    ['values in a file of another name', `${config('a')}\n${config('b')}\n`, 'a.yaml', ['a', 'b']],
    ['values between markers', `${config('a')}\n---\n${config('b')}`, 'a.json', ['a', 'b']],
    ['values after a byte order mark', `\uFEFF${config('a')}`, 'a.json', ['a']],
  ])('takes %s', (_what, text, file, expected) => {
    expect(names(text, file)).toEqual(expected);
  });

  it('tells the line on which each value begins', () => {
    expect(readJsonDocuments('\n{"a": 1}\n\n{"b": [\n2]}')).toMatchObject([
      { value: { a: 1 }, line: 2 },
      { value: { b: [2] }, line: 4 },
    ]);
  });

  it('refuses one value and keeps the others', () => {
    expect(readJsonDocuments('{"a": 1}{"b" 2}{"c": 3}')).toMatchObject([
      { value: { a: 1 } },
      { problem: 'not valid JSON' },
      { value: { c: 3 } },
    ]);
  });

  it('refuses a number that would be rounded', () => {
    expect(readJsonDocuments('{"a": 12345678901234567890}')).toMatchObject([
      { line: 1, problem: 'a number is too large to be kept exactly; quote it' },
    ]);
  });
});
