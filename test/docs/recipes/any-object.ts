import { defineApp } from '../../../src/app/index.js';
import { ApiObject } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new ApiObject(scope, 'certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'shop' },
      spec: { secretName: 'shop-certificate', dnsNames: ['shop.example.com'], issuerRef: { name: 'letsencrypt' } },
    });
  },
});
