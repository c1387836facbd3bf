import { defineApp } from '../../src/app/index.js';
import { ExternalService, IngressRoute, IpAllowList, parsePort } from '../../src/constructs/index.js';

/**
 * The daemon's read-only web page at `gitops.DOMAIN`, for the local network only. The daemon runs on the node, outside of the cluster, and listens
 * on the node's port `gitops.port`.
 */
export const app = defineApp({
  namespace: 'prodesk',
  sync: 'auto',
  build(scope, context) {
    const daemon = new ExternalService(scope, 'daemon', {
      name: 'prodesk',
      port: 80,
      address: context.setting('nodeAddress'),
      targetPort: parsePort('setting gitops.port', context.setting('gitops.port', '8420')),
    });
    const internalOnly = new IpAllowList(scope, 'internal-only', {
      name: 'internal-only',
      sourceRange: ['192.168.0.0/24', '127.0.0.1/32'],
    });
    new IngressRoute(scope, 'route', {
      name: 'prodesk',
      rules: [{ host: `gitops.${context.setting('domain')}`, backend: daemon, middlewares: [internalOnly] }],
    });
  },
});
