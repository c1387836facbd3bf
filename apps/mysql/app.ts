import { defineApp } from '../../src/app/index.js';
import { Database, fromSecret, Secret, values } from '../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'prodesk',
  sync: 'auto',
  build(scope, context) {
    const credentials = new Secret(scope, 'credentials', {
      name: 'mysql-secret',
      values: {
        MYSQL_ROOT_PASSWORD: context.secret('MYSQL_ROOT_PASSWORD'),
        MYSQL_DATABASE: context.secret('MYSQL_DATABASE'),
        MYSQL_USER: context.secret('MYSQL_USER'),
        MYSQL_PASSWORD: context.secret('MYSQL_PASSWORD'),
      },
    });
    new Database(scope, 'database', {
      name: 'mysql',
      image: 'mysql:8.0.37',
      port: 3306,
      args: [
        '--default-authentication-plugin=caching_sha2_password',
        '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_unicode_ci',
        '--range_optimizer_max_mem_size=16777216',
        '--default-time-zone=+09:00',
      ],
      environment: [values({ TZ: 'Asia/Seoul' }), fromSecret(credentials)],
      resources: { requests: { cpu: '50m', memory: '512Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
      storage: {
        size: '10Gi',
        volume: {
          name: 'mysql-pv',
          node: context.setting('node'),
          directory: `${context.setting('dataDirectory')}/mysql/db`,
        },
        claim: 'mysql-pvc',
        mountPath: '/var/lib/mysql',
      },
      service: { nodePort: 30306 },
    });
  },
});
