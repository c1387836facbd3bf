import { defineApp } from '../../../src/app/index.js';
import { BasicAuth, IngressRoute, IpAllowList, RateLimit, Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const users = new Secret(scope, 'users', { name: 'users', values: { users: context.secret('USERS') } });
    const login = new BasicAuth(scope, 'login', { name: 'login', secret: users });
    const local = new IpAllowList(scope, 'local', { name: 'local', sourceRange: ['192.168.0.0/24'] });
    const limit = new RateLimit(scope, 'limit', { name: 'limit', average: 100, burst: 50, period: '1m' });
    new IngressRoute(scope, 'route', {
      name: 'prometheus',
      rules: [
        {
          host: `prometheus.${context.setting('domain')}`,
          middlewares: [local, limit, login],
          backend: { name: 'prometheus', port: 9090 },
        },
      ],
    });
  },
});
