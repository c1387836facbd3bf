import { defineApp } from '../../../src/app/index.js';
import { PodDisruptionBudget, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new WebApp(scope, 'web', {
      name: 'shop',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: 8080,
      replicas: 2,
      preStop: ['sleep', '10'],
      terminationGracePeriodSeconds: 60,
    });
    new PodDisruptionBudget(scope, 'budget', { name: 'shop', app: 'shop', minAvailable: 1 });
  },
});
