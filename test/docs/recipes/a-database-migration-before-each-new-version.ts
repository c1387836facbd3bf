import { defineApp, newestBuild } from '../../../src/app/index.js';
import { fromSecret, Job, WebApp } from '../../../src/constructs/index.js';

const IMAGE = 'ghcr.io/sijunkim/shop';

export const app = defineApp({
  namespace: 'shop',
  images: [newestBuild(IMAGE, { allow: '^master-' })],
  outside: [{ kind: 'Secret', name: 'shop-db' }],
  build(scope) {
    const image = `${IMAGE}:master-placeholder`;
    const environment = [fromSecret('shop-db')];
    new Job(scope, 'migrate', { name: 'migrate', image, environment, args: ['migrate'], hook: 'pre-sync', retries: 1 });
    new WebApp(scope, 'web', { name: 'shop', image, port: 8080, environment });
  },
});
