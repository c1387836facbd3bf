import { defineApp } from '../../../src/app/index.js';
import { Claim, Volume, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const claim = new Claim(scope, 'claim', { name: 'uploads', size: '5Gi', storageClass: 'local-path' });
    new WebApp(scope, 'web', {
      name: 'files',
      image: 'ghcr.io/sijunkim/files:1.0.0',
      port: 8080,
      strategy: 'Recreate',
      mounts: [Volume.claim('uploads', claim).mountAt('/uploads')],
    });
  },
});
