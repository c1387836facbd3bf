import { defineApp } from '../../../src/app/index.js';
import { patch, patchJson, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const web = new WebApp(scope, 'web', { name: 'shop', image: 'ghcr.io/sijunkim/shop:1.4.2', port: 8080 });
    patch(web.deployment, { spec: { minReadySeconds: 10, strategy: { rollingUpdate: { maxSurge: '50%' } } } });
    patchJson(web.deployment, { op: 'add', path: '/spec/template/spec/containers/0/tty', value: true });
  },
});
