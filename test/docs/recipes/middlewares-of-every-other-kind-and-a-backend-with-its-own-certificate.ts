import { defineApp } from '../../../src/app/index.js';
import { IngressRoute, Middleware, ServersTransport } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const retry = new Middleware(scope, 'retry', { name: 'retry', spec: { retry: { attempts: 3 } } });
    const v2 = new Middleware(scope, 'v2', { name: 'v2', spec: { addPrefix: { prefix: '/v2' } } });
    const insecure = new ServersTransport(scope, 'insecure', { name: 'insecure', insecureSkipVerify: true });
    new IngressRoute(scope, 'route', {
      name: 'nas',
      rules: [
        {
          match: `Host(\`nas.${context.setting('domain')}\`) && !PathPrefix(\`/private\`)`,
          middlewares: [retry, v2],
          backend: { name: 'nas', port: 'https', scheme: 'https', serversTransport: insecure },
        },
      ],
    });
  },
});
