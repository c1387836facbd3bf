import { defineApp } from '../../../src/app/index.js';
import { javaOptions, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new WebApp(scope, 'web', {
      name: 'shop',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: 8080,
      environment: [javaOptions({ heapPercent: 60, more: ['-Duser.timezone=Asia/Seoul'] })],
      resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { memory: '1Gi' } },
    });
  },
});
