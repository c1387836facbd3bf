import { defineApp } from '../../../src/app/index.js';
import { ConfigMap, fromConfigMap, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  restartOnChange: true,
  build(scope) {
    const config = new ConfigMap(scope, 'config', { name: 'settings', data: { MODE: 'fast' } });
    new Worker(scope, 'queue', { name: 'queue', image: 'queue:1', environment: [fromConfigMap(config)] });
  },
});
