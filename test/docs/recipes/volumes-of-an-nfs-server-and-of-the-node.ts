import { defineApp } from '../../../src/app/index.js';
import { Claim, LocalClaim, LocalVolume, PersistentVolume } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const media = new PersistentVolume(scope, 'media', {
      name: 'media-nfs',
      size: '1Ti',
      accessMode: 'ReadOnlyMany',
      storageClass: '',
      mountOptions: ['nfsvers=4.1'],
      source: { nfs: { server: '192.168.0.20', path: '/volume1/media' } },
    });
    new Claim(scope, 'media-claim', {
      name: 'media',
      size: '1Ti',
      accessMode: 'ReadOnlyMany',
      storageClass: '',
      volume: media,
    });
    const disk = new LocalVolume(scope, 'disk', {
      name: 'disk-pv',
      size: '10Gi',
      node: context.setting('node'),
      directory: '/srv/disk',
    });
    new LocalClaim(scope, 'disk-claim', { name: 'disk', size: '10Gi', volume: disk });
  },
});
