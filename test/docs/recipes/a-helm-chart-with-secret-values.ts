import { defineApp } from '../../../src/app/index.js';
import { HelmChart, Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const secret = new Secret(scope, 'values', {
      name: 'airflow-values',
      values: { 'values.yaml': `fernetKey: ${context.secret('FERNET_KEY')}\n` },
    });
    new HelmChart(scope, 'chart', {
      name: 'airflow',
      chart: 'airflow',
      repository: 'https://airflow.apache.org',
      version: '1.15.0',
      targetNamespace: 'airflow',
      valuesSecrets: [{ secret, keys: ['values.yaml'] }],
    });
  },
});
