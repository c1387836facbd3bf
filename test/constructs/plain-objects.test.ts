import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ApiObject, YamlFile } from '../../src/constructs/index.js';
import { synthesize } from './synthesize.js';

const folder = mkdtempSync(join(tmpdir(), 'prodesk-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): URL {
  const path = join(folder, 'objects.yaml');
  writeFileSync(path, text);
  return pathToFileURL(path);
}

describe('constructs/api-object', () => {
  it('makes exactly the object that it is given, with nulls and in order', () => {
    const manifest = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { z: null, a: [] } };
    const objects = synthesize((scope) => new ApiObject(scope, 'thing', manifest));
    expect(JSON.stringify(objects)).toBe(JSON.stringify([manifest]));
  });

  it('refuses a kind that is empty', () => {
    const manifest = { apiVersion: 'v1', kind: '', metadata: { name: 'a' } };
    expect(() => synthesize((scope) => new ApiObject(scope, 'thing', manifest))).toThrow(
      'kind of object a is empty or holds a blank: ""',
    );
  });
});

describe('constructs/yaml-file', () => {
  it('makes every object of a file', () => {
    const file = fileOf(
      'apiVersion: v1\nkind: A\nmetadata: {name: x}\n---\napiVersion: v1\nkind: B\nmetadata: {name: z}\n',
    );
    const objects = synthesize((scope) => new YamlFile(scope, 'file', { file }));
    expect(objects.map(({ kind }) => kind)).toEqual(['A', 'B']);
  });

  it.each([
    ['a: [', 'objects.yaml, line 1: not valid YAML'],
    ['# c\nkind: A\n', 'document 1 of objects.yaml, line 2, is not an object with kind and name'],
  ])('says what is wrong with a file that holds %j', (text, message) => {
    const file = fileOf(text);
    expect(() => synthesize((scope) => new YamlFile(scope, 'file', { file }))).toThrow(message);
  });
});
