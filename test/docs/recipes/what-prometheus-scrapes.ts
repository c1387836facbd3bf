import { defineApp } from '../../../src/app/index.js';
import { ServiceMonitor } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new ServiceMonitor(scope, 'monitor', {
      name: 'shop',
      namespace: 'monitoring',
      labels: { release: 'monitoring' },
      namespaces: ['shop'],
      app: { 'app.kubernetes.io/name': 'shop' },
      portName: 'http',
      interval: null,
      relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'pod' }],
    });
  },
});
