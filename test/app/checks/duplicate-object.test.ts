import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import { app, found, object, revision } from './revision.js';

const S = object('ConfigMap', 's');
const T = object('ConfigMap', 't');

describe('app/checks/duplicate-object', () => {
  it('one object in two applications refuses the second and names both', () => {
    const { apps, failed } = checkState(revision([app('a', [S]), app('b', [S])]));
    expect(Object.keys(apps)).toEqual(['a']);
    expect(failed.b?.message).toContain('ConfigMap home/s is that of a;');
  });

  it('one object twice in an application refuses it', () => {
    expect(found('duplicate-object', app('a', [S, { ...S }]))).toEqual(['error: a: ConfigMap home/s metadata.name']);
  });

  it('another version of one kind is the same object', () => {
    const old = object('Deployment', 'd', {}, 'apps/v1beta1');
    const now = object('Deployment', 'd', {}, 'apps/v1');
    expect(found('duplicate-object', app('a', [old]), app('b', [now]))).toHaveLength(1);
  });

  it.each([
    ['another kind', object('Secret', 's')],
    ['another name', T],
    ['another namespace', { ...S, metadata: { name: 's', namespace: 'other' } }],
    ['another group', object('ConfigMap', 's', {}, 'example.com/v1')],
  ])('%s is another object', (_what, other) => {
    expect(found('duplicate-object', app('a', [S]), app('b', [other]))).toEqual([]);
  });

  it('a refused application takes no other objects away', () => {
    const { apps } = checkState(revision([app('a', [S]), app('b', [T, S]), app('c', [T])]));
    expect(Object.keys(apps)).toEqual(['a', 'c']);
  });

  it('cannot be silenced', () => {
    const ignoreChecks = { 'duplicate-object': 'we take turns' } as object;
    expect(found('duplicate-object', app('a', [S]), app('b', [S], { ignoreChecks }))).toHaveLength(1);
  });
});
