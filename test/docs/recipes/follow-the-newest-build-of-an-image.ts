import { defineApp, newestBuild } from '../../../src/app/index.js';
import { WebApp } from '../../../src/constructs/index.js';

const IMAGE = 'ghcr.io/sijunkim/shop';

export const app = defineApp({
  namespace: 'shop',
  images: [newestBuild(IMAGE, { allow: '^master-' })],
  build(scope) {
    new WebApp(scope, 'web', { name: 'shop', image: `${IMAGE}:master-placeholder`, port: 8080 });
  },
});
