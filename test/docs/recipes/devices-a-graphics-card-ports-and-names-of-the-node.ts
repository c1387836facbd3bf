import { defineApp } from '../../../src/app/index.js';
import { Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new Worker(scope, 'hub', {
      name: 'hub',
      image: 'ghcr.io/sijunkim/hub:1.0.0',
      runtimeClass: 'nvidia',
      resources: { limits: { 'nvidia.com/gpu': 1 } },
      ports: [{ name: 'dns', port: 53, protocol: 'UDP', hostPort: 53, hostIp: context.setting('nodeAddress') }],
      podSecurity: { supplementalGroups: [44] },
      security: { addCapabilities: ['NET_ADMIN'] },
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.1.1.1'], options: { ndots: '1' } },
      hostAliases: { '192.168.0.20': ['nas.lan'] },
      mounts: [Volume.hostPath('zigbee', '/dev/ttyUSB0', 'CharDevice').mountAt('/dev/ttyUSB0')],
    });
  },
});
