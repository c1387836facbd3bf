import { defineApp } from '../../../src/app/index.js';
import { Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const logs = Volume.empty('logs');
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      mounts: [logs.mountAt('/var/log/worker')],
      initContainers: [{ name: 'migrate', image: 'ghcr.io/sijunkim/worker:1.0.0', command: ['worker', 'migrate'] }],
      sidecars: [
        { name: 'tail', image: 'busybox:1.37', command: ['tail', '-F', '/logs/out'], mounts: [logs.mountAt('/logs')] },
      ],
    });
  },
});
