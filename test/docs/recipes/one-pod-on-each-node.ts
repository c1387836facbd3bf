import { defineApp } from '../../../src/app/index.js';
import { DaemonSet, Volume } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new DaemonSet(scope, 'exporter', {
      name: 'node-exporter',
      image: 'prom/node-exporter:v1.8.2',
      args: ['--path.rootfs=/host'],
      hostNetwork: true,
      hostPid: true,
      tolerations: [{ effect: 'NoSchedule' }],
      mounts: [Volume.hostPath('root', '/').mountAt('/host', { readOnly: true })],
    });
  },
});
