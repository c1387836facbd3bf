import { defineApp } from '../../../../src/app/index.js';
import { BasicAuth, IngressRoute, RateLimit, Secret, StripPrefix } from '../../../../src/constructs/index.js';

/** Public hosts of a namespace on one IngressRoute: a login for what has none, and a limit for what anybody may call. */
export const app = defineApp({
  namespace: 'monitoring',
  build(scope, context) {
    const users = new Secret(scope, 'users', {
      name: 'prometheus-basic-auth',
      values: { users: context.secret('USERS') },
    });
    const login = new BasicAuth(scope, 'login', { name: 'prometheus-auth', secret: users });
    const limit = new RateLimit(scope, 'limit', { name: 'slow', average: 10, burst: 20, period: '1m' });
    const strip = new StripPrefix(scope, 'strip', { name: 'without-api', prefixes: ['/api'] });
    const domain = context.setting('domain');
    new IngressRoute(scope, 'routes', {
      name: 'public',
      rules: [
        { host: `grafana.${domain}`, backend: { name: 'monitoring-grafana', port: 80 } },
        {
          host: `prometheus.${domain}`,
          middlewares: [login],
          backend: { name: 'monitoring-kube-prometheus-prometheus', port: 9090 },
        },
        {
          host: [`status.${domain}`, `www.status.${domain}`],
          pathPrefix: '/api',
          priority: 100,
          middlewares: [limit, strip],
          backend: { name: 'status-api', port: 8080 },
        },
        { host: `status.${domain}`, backend: { name: 'status-web', port: 3000 } },
      ],
    });
  },
});
