import { describe, expect, it } from 'vitest';
import { app, clusterObject, found, object } from './revision.js';

const claim = (name: string, volumeName?: string) => object('PersistentVolumeClaim', name, { spec: { volumeName } });
const VOLUME = clusterObject('PersistentVolume', 'pv', { spec: {} });

describe('app/checks/duplicate-volume', () => {
  it.each([
    ['two claims on one volume', claim('b', 'pv'), ['error: b: PersistentVolumeClaim home/b spec.volumeName']],
    ['a claim on another volume', claim('b', 'pv2'), []],
    ['a claim on none', claim('b'), []],
  ])('%s', (_what, other, places) => {
    expect(found('duplicate-volume', app('a', [VOLUME, claim('a', 'pv')]), app('b', [other]))).toEqual(places);
  });
});
