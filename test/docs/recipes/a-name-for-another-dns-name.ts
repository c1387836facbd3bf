import { defineApp } from '../../../src/app/index.js';
import { ExternalName } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new ExternalName(scope, 'smtp', { name: 'smtp', host: 'smtp.example.com' });
  },
});
