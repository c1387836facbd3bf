import { defineApp } from '../../../../src/app/index.js';
import { HelmChart, IngressRoute, Secret } from '../../../../src/constructs/index.js';

/** A chart whose release is in another namespace, and a Secret of which a job of the chart writes one key itself. */
export const app = defineApp({
  namespace: 'workflows',
  ignoreDifferences: [{ kind: 'Secret', name: 'airflow-webserver', pointers: ['/data/webserver-secret-key'] }],
  ignoreChecks: { 'missing-backend': 'the Service comes from the chart' },
  build(scope, context) {
    const key = new Secret(scope, 'key', {
      name: 'airflow-webserver',
      values: { 'webserver-secret-key': context.secret('WEBSERVER_SECRET_KEY') },
    });
    new HelmChart(scope, 'chart', {
      name: 'airflow',
      namespace: 'kube-system',
      chart: 'airflow',
      repository: 'https://airflow.apache.org',
      version: '1.15.0',
      targetNamespace: context.namespace,
      createNamespace: true,
      bootstrap: false,
      retries: 5,
      timeout: '15m',
      failurePolicy: 'abort',
      set: { 'images.airflow.tag': '2.10.3' },
      values: {
        executor: 'LocalExecutor',
        webserverSecretKeySecretName: key.name,
        dags: { gitSync: { enabled: true, branch: 'main' } },
      },
    });
    new IngressRoute(scope, 'route', {
      name: 'airflow',
      rules: [{ host: `workflows.${context.setting('domain')}`, backend: { name: 'airflow-webserver', port: 8080 } }],
    });
  },
});
