import { defineApp } from '../../../../src/app/index.js';
import { ConfigMap, fromSecretKey, Job, Volume } from '../../../../src/constructs/index.js';

/** A migration as Argo CD's annotations say it: a hook in a wave, after that of its ConfigMap. */
export const app = defineApp({
  namespace: 'shop-prod',
  outside: [
    { kind: 'Secret', name: 'ghcr-pull' },
    { kind: 'Secret', name: 'shop-db' },
  ],
  build(scope) {
    new Job(scope, 'migrate', {
      name: 'shop-migrate',
      annotations: {
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        'argocd.argoproj.io/sync-wave': '-1',
      },
      retries: 3,
      deadlineSeconds: 600,
      completions: 1,
      parallelism: 1,
      podLabels: { job: 'shop-migrate' },
      restartPolicy: 'Never',
      pullSecrets: ['ghcr-pull'],
      containerName: 'flyway',
      image: 'flyway/flyway:10.20',
      args: ['-url=jdbc:mysql://mysql:3306/shop', 'migrate'],
      environment: [
        fromSecretKey('FLYWAY_USER', 'shop-db', 'MYSQL_USER'),
        fromSecretKey('FLYWAY_PASSWORD', 'shop-db', 'MYSQL_PASSWORD', { optional: false }),
      ],
      mounts: [Volume.configMap('sql', 'shop-sql').mountAt('/flyway/sql')],
    });
    new ConfigMap(scope, 'sql', {
      name: 'shop-sql',
      annotations: { 'argocd.argoproj.io/sync-wave': '-2' },
      data: { 'V1__init.sql': 'CREATE TABLE orders (id INT);' },
    });
  },
});
