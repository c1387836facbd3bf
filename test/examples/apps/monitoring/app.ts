import { defineApp } from '../../../../src/app/index.js';
import { HelmChart, PrometheusRule, Secret } from '../../../../src/constructs/index.js';
import { values } from './values.js';

/** Prometheus, Alertmanager and Grafana. Grafana's password is in a Secret that the chart only names. */
export const app = defineApp({
  namespace: 'monitoring',
  build(scope, context) {
    const admin = new Secret(scope, 'admin', {
      name: 'grafana-admin',
      values: { 'admin-user': 'admin', 'admin-password': context.secret('GRAFANA_PASSWORD') },
    });
    new HelmChart(scope, 'chart', {
      name: 'monitoring',
      chart: 'kube-prometheus-stack',
      repository: 'https://prometheus-community.github.io/helm-charts',
      version: '82.*',
      targetNamespace: 'monitoring',
      values: values(admin.name),
    });
    new PrometheusRule(scope, 'alerts', {
      name: 'applications',
      labels: { release: 'monitoring' },
      groups: {
        applications: [
          {
            alert: 'ApplicationDown',
            expr: 'up{namespace="prodesk"} == 0',
            for: '5m',
            labels: { severity: 'warning' },
            annotations: { summary: '{{ $labels.job }} does not answer' },
          },
        ],
      },
    });
  },
});
