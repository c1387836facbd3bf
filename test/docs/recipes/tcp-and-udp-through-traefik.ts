import { defineApp } from '../../../src/app/index.js';
import { TcpRoute, UdpRoute } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new TcpRoute(scope, 'mysql', { name: 'mysql', entryPoints: ['mysql'], backend: { name: 'mysql', port: 3306 } });
    new UdpRoute(scope, 'dns', { name: 'dns', entryPoints: ['dns'], backend: { name: 'dns', port: 53 } });
  },
});
