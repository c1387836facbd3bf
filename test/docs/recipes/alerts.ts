import { defineApp } from '../../../src/app/index.js';
import { PrometheusRule } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new PrometheusRule(scope, 'alerts', {
      name: 'shop',
      labels: { release: 'monitoring' },
      groups: {
        shop: [{ alert: 'ShopDown', expr: 'up{job="shop"} == 0', for: '5m', labels: { severity: 'warning' } }],
      },
    });
  },
});
