import { defineApp } from '../../../src/app/index.js';
import { ConfigMap } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  sync: 'manual',
  build(scope) {
    new ConfigMap(scope, 'config', { name: 'settings', data: { MODE: 'careful' } });
  },
});
