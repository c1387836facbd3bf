import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, deployment, found, foundIn, object, service } from './revision.js';

const labelled = (key: string, value: string, part = 'labels'): Manifest => {
  const written = object('Secret', 's');
  return { ...written, metadata: { ...written.metadata, [part]: { [key]: value } } };
};

describe('app/checks/invalid-label', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a label', labelled('app.kubernetes.io/name', 'Web_1.0'), undefined],
    ['no value', labelled('a', ''), undefined],
    ['a value with a slash', labelled('a', 'b/c'), "metadata.labels['a']"],
    ['a value with a dash at the end', labelled('a', 'b-'), "metadata.labels['a']"],
    ['a value of 63 characters', labelled('a', 'x'.repeat(63)), undefined],
    ['a value of 64 characters', labelled('a', 'x'.repeat(64)), "metadata.labels['a']"],
    ['a key with a blank', labelled('a b', 'c'), 'metadata.labels'],
    ['a key of 64 characters', labelled('x'.repeat(64), 'c'), 'metadata.labels'],
    ['a key with an empty prefix', labelled('/a', 'c'), 'metadata.labels'],
    ['a key with two slashes', labelled('a/b/c', 'd'), 'metadata.labels'],
    ['a key with a prefix that is no DNS name', labelled('a_b/c', 'd'), 'metadata.labels'],
    ['an annotation may hold anything', labelled('a', 'b/c d', 'annotations'), undefined],
    ['the key of an annotation', labelled('a b', 'c', 'annotations'), 'metadata.annotations'],
    ['a selector of a Service', service('s', { selector: { app: 'a b' } }), "spec.selector['app']"],
  ])('%s', (_what, one, field) => {
    const { kind, metadata } = one;
    expect(foundIn('invalid-label', one)).toEqual(
      field === undefined ? [] : [`${kind} home/${metadata.name} ${field}`],
    );
  });

  it('pods and the selector of their workload count, and it is an error', () => {
    expect(found('invalid-label', app('a', [deployment('web', {}, { app: 'a b' })]))).toEqual([
      "error: a: Deployment home/web spec.template.metadata.labels['app']",
      "error: a: Deployment home/web spec.selector.matchLabels['app']",
    ]);
  });

  it('the labels of a bare pod are said once', () => {
    expect(foundIn('invalid-label', { ...labelled('a', 'b c'), kind: 'Pod' })).toEqual([
      "Pod home/s metadata.labels['a']",
    ]);
  });
});
