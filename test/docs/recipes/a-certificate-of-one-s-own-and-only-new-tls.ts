import { defineApp } from '../../../src/app/index.js';
import { IngressRoute, TlsOption, TlsStore } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const modern = new TlsOption(scope, 'modern', { name: 'modern', minVersion: '1.3' });
    new TlsStore(scope, 'store', { defaultCertificate: 'wildcard-certificate' });
    new IngressRoute(scope, 'route', {
      name: 'shop',
      rules: [{ host: `shop.${context.setting('domain')}`, backend: { name: 'shop', port: 80 } }],
      tls: { certificate: 'default', options: modern },
    });
  },
});
