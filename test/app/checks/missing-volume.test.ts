import { describe, expect, it } from 'vitest';
import { app, clusterObject, found, object } from './revision.js';

const CLAIM = object('PersistentVolumeClaim', 'data', { spec: { volumeName: 'redis-pv' } });

describe('app/checks/missing-volume', () => {
  it('a volume that is nowhere is an error', () => {
    expect(found('missing-volume', app('a', [CLAIM]))).toEqual([
      'error: a: PersistentVolumeClaim home/data spec.volumeName',
    ]);
  });

  it.each([
    ['a volume of the application', app('a', [CLAIM, clusterObject('PersistentVolume', 'redis-pv')])],
    [
      'a volume that is said to be outside',
      app('a', [CLAIM], { outside: [{ kind: 'PersistentVolume', name: 'redis-pv' }] }),
    ],
    ['a claim that lets the cluster choose', app('a', [object('PersistentVolumeClaim', 'data', { spec: {} })])],
  ])('%s is fine', (_what, fine) => {
    expect(found('missing-volume', fine)).toEqual([]);
  });

  it('a volume of another application is fine', () => {
    expect(
      found('missing-volume', app('a', [CLAIM]), app('b', [clusterObject('PersistentVolume', 'redis-pv')])),
    ).toEqual([]);
  });
});
