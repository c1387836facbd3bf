import { defineApp } from '../../../src/app/index.js';
import { Service } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Service(scope, 'node-port', { name: 'mysql', port: 3306, nodePort: 30306 });
    new Service(scope, 'ports', {
      name: 'dns',
      app: 'coredns',
      port: 9153,
      portName: 'metrics',
      morePorts: [{ name: 'dns', port: 53, protocol: 'UDP' }],
    });
    new Service(scope, 'public', { name: 'mqtt', port: 1883, loadBalancer: true, externalTrafficPolicy: 'Local' });
  },
});
