import { defineApp } from '../../../src/app/index.js';
import { ConfigMap } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new ConfigMap(scope, 'dashboards', {
      name: 'grafana-dashboards',
      labels: { grafana_dashboard: '1' },
      folder: new URL('./dashboards/', import.meta.url),
      include: /\.json$/,
    });
  },
});
