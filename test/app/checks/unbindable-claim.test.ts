import { describe, expect, it } from 'vitest';
import { app, clusterObject, findingsOf, foundIn, object, revision } from './revision.js';

const CLASS = { storageClassName: 'local-storage' };
const SPEC = { accessModes: ['ReadWriteOnce'], ...CLASS, volumeName: 'pv' };
const claim = (more: object = {}, size = '10Gi') =>
  object('PersistentVolumeClaim', 'data', { spec: { ...SPEC, resources: { requests: { storage: size } }, ...more } });
const volume = (more: object = {}, size = '10Gi') =>
  clusterObject('PersistentVolume', 'pv', {
    spec: { accessModes: ['ReadWriteOnce'], ...CLASS, capacity: { storage: size }, ...more },
  });
const at = (field: string) => [`PersistentVolumeClaim home/data ${field}`];

describe('app/checks/unbindable-claim', () => {
  it.each([
    ['equal ones', claim(), volume(), []],
    ['a larger volume', claim({}, '5Gi'), volume(), []],
    ['a smaller volume', claim({}, '10Gi'), volume({}, '9G'), at('spec.resources.requests.storage')],
    ['the same size in another unit', claim({}, '1024Mi'), volume({}, '1Gi'), []],
    ['another class', claim({ storageClassName: 'local-path' }), volume(), at('spec.storageClassName')],
    ['a volume without a class', claim(), volume({ storageClassName: undefined }), at('spec.storageClassName')],
    ['neither with a class', claim({ storageClassName: '' }), volume({ storageClassName: undefined }), []],
    ['the default class', claim({ storageClassName: undefined }), volume(), []],
    [
      'more modes than offered',
      claim({ accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }),
      volume(),
      at('spec.accessModes'),
    ],
    ['fewer modes than offered', claim(), volume({ accessModes: ['ReadOnlyMany', 'ReadWriteOnce'] }), []],
    ['a block device', claim({ volumeMode: 'Block' }), volume(), at('spec.volumeMode')],
    [
      'a volume kept for another claim',
      claim(),
      volume({ claimRef: { namespace: 'home', name: 'other' } }),
      at('spec.volumeName'),
    ],
    ['a volume kept for this claim', claim(), volume({ claimRef: { namespace: 'home', name: 'data' } }), []],
    ['another volume', claim({ volumeName: 'other' }, '99Gi'), volume(), []],
  ])('%s', (_what, one, other, places) => {
    expect(foundIn('unbindable-claim', one, other)).toEqual(places);
  });

  it('is an error that names both sizes', () => {
    const state = revision([app('a', [claim({}, '20Gi'), volume()])]);
    expect(findingsOf('unbindable-claim', state)[0]).toMatchObject({
      severity: 'error',
      message: 'asks for 20Gi, and PersistentVolume pv has 10Gi; make them fit',
    });
  });
});
