import { defineApp } from '../../../src/app/index.js';
import { HorizontalPodAutoscaler, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const web = new WebApp(scope, 'web', {
      name: 'shop',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      port: 8080,
      replicas: 'autoscaled',
      resources: { requests: { cpu: '100m' } },
    });
    new HorizontalPodAutoscaler(scope, 'scale', {
      name: 'shop',
      deployment: web.deployment,
      min: 1,
      max: 5,
      cpuPercent: 80,
    });
  },
});
