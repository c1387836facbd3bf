import { defineApp } from '../../../src/app/index.js';
import { HelmChart } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new HelmChart(scope, 'chart', {
      name: 'monitoring',
      chart: 'kube-prometheus-stack',
      repository: 'https://prometheus-community.github.io/helm-charts',
      version: '82.*',
      targetNamespace: 'monitoring',
      values: {
        grafana: { admin: { existingSecret: 'grafana-admin' } },
        prometheus: { prometheusSpec: { serviceMonitorSelectorNilUsesHelmValues: false, retention: '15d' } },
      },
    });
  },
});
