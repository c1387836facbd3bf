import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, clusterObject, found, foundIn, object, running } from './revision.js';

const BAD = '512mb';
const POD = 'Deployment home/web spec.template.spec';
const claim = { spec: { resources: { requests: { storage: BAD } } } };

describe('app/checks/invalid-quantity', () => {
  it.each<[string, Manifest, string]>([
    [
      'a request',
      running('web', { resources: { requests: { memory: BAD } } }),
      `${POD}.containers[0].resources.requests.memory`,
    ],
    ['a limit', running('web', { resources: { limits: { cpu: BAD } } }), `${POD}.containers[0].resources.limits.cpu`],
    [
      'an amount below zero',
      running('web', { resources: { limits: { cpu: '-1' } } }),
      `${POD}.containers[0].resources.limits.cpu`,
    ],
    [
      'a size of a directory',
      running('web', {}, { volumes: [{ emptyDir: { sizeLimit: BAD } }] }),
      `${POD}.volumes[0].emptyDir.sizeLimit`,
    ],
    [
      'a volume',
      clusterObject('PersistentVolume', 'v', { spec: { capacity: { storage: BAD } } }),
      'PersistentVolume v spec.capacity.storage',
    ],
    [
      'a claim',
      object('PersistentVolumeClaim', 'c', claim),
      'PersistentVolumeClaim home/c spec.resources.requests.storage',
    ],
    [
      'a claim of a StatefulSet',
      object('StatefulSet', 's', { spec: { volumeClaimTemplates: [claim] } }, 'apps/v1'),
      'StatefulSet home/s spec.volumeClaimTemplates[0].spec.resources.requests.storage',
    ],
  ])('%s', (_what, wrong, place) => {
    expect(foundIn('invalid-quantity', wrong)).toEqual([place]);
  });

  it('is an error', () => {
    expect(found('invalid-quantity', app('a', [object('PersistentVolumeClaim', 'c', claim)]))[0]).toMatch(/^error: /);
  });

  it('amounts of every form are fine', () => {
    const requests = { cpu: '100m', memory: '512Mi', storage: 1024, gpu: '1e3', other: '0.5' };
    expect(foundIn('invalid-quantity', running('web', { resources: { requests } }))).toEqual([]);
  });
});
