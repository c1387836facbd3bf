import { defineApp } from '../../../src/app/index.js';
import { PodMonitor, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Worker(scope, 'queue', {
      name: 'queue',
      image: 'ghcr.io/sijunkim/queue:2.0.0',
      ports: [{ name: 'metrics', port: 9100 }],
    });
    new PodMonitor(scope, 'monitor', { name: 'queue', app: 'queue', portName: 'metrics' });
  },
});
