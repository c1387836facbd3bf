import { defineApp } from '../../../src/app/index.js';
import { WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new WebApp(scope, 'web', {
      name: 'shop',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: 8080,
      route: { host: `shop.${context.setting('domain')}` },
    });
  },
});
