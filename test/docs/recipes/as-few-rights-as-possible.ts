import { defineApp } from '../../../src/app/index.js';
import { restricted, Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      security: { ...restricted, readOnlyRootFilesystem: true },
      podSecurity: { runAsUser: 1000, fsGroup: 1000 },
      mountServiceAccountToken: false,
      mounts: [Volume.memory('tmp', '64Mi').mountAt('/tmp')],
    });
  },
});
