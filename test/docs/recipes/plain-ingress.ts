import { defineApp } from '../../../src/app/index.js';
import { Ingress } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new Ingress(scope, 'ingress', {
      name: 'shop',
      ingressClass: 'traefik',
      rules: [{ host: `shop.${context.setting('domain')}`, backend: { name: 'shop', port: 80 } }],
      tlsSecret: 'shop-certificate',
    });
  },
});
