import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/migration/parse-manifests.js';
import { withoutRepetitions } from '../../src/migration/unique-objects.js';

const read = (...documents: string[]) => withoutRepetitions(parseManifests(documents.join('\n---\n'), 'a.yaml'), 'web');
const map = (data: string, namespace = ''): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: x${namespace}}, data: {a: "${data}"}}`;

describe('migration/unique-objects', () => {
  it('passes over an object that is there again and the same', () => {
    const { objects, skipped, refused } = read(map('1'), map('1'));
    expect(objects.map(({ origin }) => origin.document)).toEqual([2]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'ConfigMap x is there again, and the same, in a.yaml, document 2 (line 3)',
    ]);
    expect(refused).toEqual([]);
  });

  it('takes the last of several that differ, and refuses the others', () => {
    const { objects, refused } = read(map('1'), map('2'), map('3'));
    expect(objects.map(({ manifest }) => manifest.data)).toEqual([{ a: '3' }]);
    expect(refused.map(({ origin }) => origin.document)).toEqual([1, 2]);
    expect(refused[0]?.reason).toContain('which was taken as the last one; remove one of them');
  });

  it('takes no namespace for that of the application', () => {
    expect(read(map('1'), map('2', ', namespace: web'), map('3', ', namespace: other')).objects).toHaveLength(2);
  });

  it('knows kinds that have no namespace, also those of definitions among the objects', () => {
    const definition =
      '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.x.io}, spec: {group: x.io, scope: Cluster, names: {kind: A}}}';
    const object = (namespace: string): string =>
      `{apiVersion: x.io/v1, kind: A, metadata: {name: a, namespace: ${namespace}}}`;
    expect(read(definition, object('one'), object('two')).objects).toHaveLength(2);
  });
});
