import { defineApp } from '../../../../src/app/index.js';
import { HelmChart, IngressRoute, Secret } from '../../../../src/constructs/index.js';

/** A chart whose passwords come from a Secret of values, and whose random key is pinned, so that it stays the same. */
export const app = defineApp({
  namespace: 'airflow',
  build(scope, context) {
    const values = new Secret(scope, 'values', {
      name: 'airflow-values',
      values: {
        'values.yaml': [
          `fernetKey: ${context.secret('FERNET_KEY')}`,
          `webserverSecretKey: ${context.secret('WEBSERVER_SECRET_KEY')}`,
          '',
        ].join('\n'),
      },
    });
    new HelmChart(scope, 'chart', {
      name: 'airflow',
      chart: 'airflow',
      repository: 'https://airflow.apache.org',
      version: '1.15.*',
      targetNamespace: 'airflow',
      values: {
        executor: 'LocalExecutor',
        logs: { persistence: { enabled: false } },
        webserver: { defaultUser: { enabled: false } },
        postgresql: { primary: { persistence: { storageClass: 'local-path', size: '5Gi' } } },
      },
      valuesSecrets: [{ secret: values, keys: ['values.yaml'] }],
      timeout: '10m',
    });
    new IngressRoute(scope, 'route', {
      name: 'airflow',
      rules: [{ host: `airflow.${context.setting('domain')}`, backend: { name: 'airflow-webserver', port: 8080 } }],
    });
  },
});
