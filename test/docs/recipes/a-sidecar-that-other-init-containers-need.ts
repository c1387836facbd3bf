import { defineApp } from '../../../src/app/index.js';
import { Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      initContainers: [
        { name: 'vpn', image: 'qmcgaw/gluetun:v3.39.1', restartPolicy: 'Always' },
        { name: 'fetch', image: 'busybox:1.37', command: ['wget', 'http://inside.example.com/list'] },
      ],
    });
  },
});
