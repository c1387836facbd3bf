import { defineApp } from '../../../src/app/index.js';
import { NetworkPolicy } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new NetworkPolicy(scope, 'policy', {
      name: 'mysql',
      app: 'mysql',
      ingress: [{ peers: [{ app: 'shop' }, { namespace: 'monitoring' }], ports: [3306] }],
    });
  },
});
