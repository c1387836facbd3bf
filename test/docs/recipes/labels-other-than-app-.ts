import { defineApp } from '../../../src/app/index.js';
import { PodDisruptionBudget, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const selector = { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/instance': 'prod' };
    new WebApp(scope, 'web', {
      name: 'shop',
      labels: selector,
      selector,
      podLabels: { version: 'v1' },
      containerName: 'api',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: { port: 8080, name: 'http' },
      probes: { readiness: { httpPath: '/health', port: 'http' } },
      service: { port: 80, portName: 'http', targetPort: 'http', type: null, annotations: { note: 'one' } },
    });
    new PodDisruptionBudget(scope, 'budget', { name: 'shop', app: selector, maxUnavailable: '50%' });
  },
});
