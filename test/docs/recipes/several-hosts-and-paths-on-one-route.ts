import { defineApp } from '../../../src/app/index.js';
import { IngressRoute, StripPrefix } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const domain = context.setting('domain');
    const strip = new StripPrefix(scope, 'strip', { name: 'without-api', prefixes: ['/api'] });
    new IngressRoute(scope, 'route', {
      name: 'shop',
      rules: [
        {
          host: [`shop.${domain}`, `www.${domain}`],
          pathPrefix: '/api',
          priority: 100,
          middlewares: [strip],
          backend: { name: 'shop-api', port: 8080 },
        },
        { host: `shop.${domain}`, backend: { name: 'shop-web', port: 3000 } },
      ],
    });
  },
});
