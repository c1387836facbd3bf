import { defineApp } from '../../../../src/app/index.js';
import { ConfigMap } from '../../../../src/constructs/index.js';

/** Dashboards that Grafana's sidecar finds by their label, into the folder of the annotation. */
export const app = defineApp({
  namespace: 'monitoring',
  build(scope) {
    new ConfigMap(scope, 'dashboards', {
      name: 'grafana-dashboards-shop',
      labels: { grafana_dashboard: '1' },
      annotations: { grafana_folder: 'Shop' },
      folder: new URL('./files/', import.meta.url),
    });
  },
});
