import { defineApp } from '../../../src/app/index.js';
import { WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new WebApp(scope, 'web', {
      name: 'shop',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: 8080,
      probes: {
        startup: { httpPath: '/health', failureThreshold: 30, periodSeconds: 2 },
        readiness: { httpPath: '/ready' },
        liveness: { tcpPort: 8080 },
      },
    });
  },
});
