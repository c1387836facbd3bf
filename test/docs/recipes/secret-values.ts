import { defineApp } from '../../../src/app/index.js';
import { Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new Secret(scope, 'secret', {
      name: 'shop-secret',
      values: { url: `postgres://shop:${context.secret('DB_PASSWORD')}@postgres/shop` },
    });
  },
});
