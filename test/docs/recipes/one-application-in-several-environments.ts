import { environments, newestBuild } from '../../../src/app/index.js';
import { WebApp } from '../../../src/constructs/index.js';

export const shop = environments(
  {
    dev: { namespace: 'shop-dev', host: 'dev.shop', branch: 'dev', replicas: 1 },
    prod: { namespace: 'shop-prod', host: 'shop', branch: 'main', replicas: 2 },
  },
  ({ namespace, host, branch, replicas }) => ({
    namespace,
    images: [newestBuild('ghcr.io/sijunkim/shop', { allow: `^${branch}-` })],
    build(scope, context) {
      new WebApp(scope, 'web', {
        name: 'shop',
        image: `ghcr.io/sijunkim/shop:${branch}-placeholder`,
        port: 8080,
        replicas,
        route: { host: `${host}.${context.setting('domain')}` },
      });
    },
  }),
);

export const app = shop.prod;
