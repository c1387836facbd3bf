import { defineApp } from '../../../src/app/index.js';
import { Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      mounts: [
        Volume.secret('keys', 'shop-secret', { items: { 'tls.key': 'key.pem' }, mode: 0o400 }).mountAt('/keys'),
        Volume.hostPath('time', '/etc/localtime', 'File').mountAt('/etc/localtime', { readOnly: true }),
        Volume.nfs('media', 'nas.lan', '/export/media').mountAt('/media'),
        Volume.projected('podinfo', [{ fields: { labels: 'metadata.labels' } }]).mountAt('/podinfo'),
      ],
    });
  },
});
