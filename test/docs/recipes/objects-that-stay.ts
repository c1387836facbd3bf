import { defineApp } from '../../../src/app/index.js';
import { Claim, keep, mayPrune, Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    keep(new Secret(scope, 'ca', { name: 'shop-ca', values: { 'tls.key': context.secret('CA_KEY') } }));
    mayPrune(new Claim(scope, 'cache', { name: 'shop-cache', size: '1Gi' }));
  },
});
