import { defineApp } from '../../../src/app/index.js';
import { Database, fromSecret, Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const credentials = new Secret(scope, 'credentials', {
      name: 'postgres-secret',
      values: { POSTGRES_PASSWORD: context.secret('POSTGRES_PASSWORD') },
    });
    new Database(scope, 'database', {
      name: 'postgres',
      image: 'postgres:17.2',
      port: 5432,
      environment: [fromSecret(credentials)],
      storage: {
        size: '10Gi',
        volume: {
          name: 'postgres-pv',
          node: context.setting('node'),
          directory: `${context.setting('dataDirectory')}/postgres`,
        },
        claim: 'postgres-pvc',
        mountPath: '/var/lib/postgresql/data',
      },
    });
  },
});
