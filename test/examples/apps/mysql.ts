import { environments } from '../../../src/app/index.js';
import { Database, fromSecret, Secret, values } from '../../../src/constructs/index.js';

/** MySQL in two environments, which differ in namespace, volume and node port. */
export const mysql = environments(
  {
    dev: { namespace: 'prodesk', volume: 'mysql-pv', directory: 'mysql/db', nodePort: 30306 },
    prod: { namespace: 'dama-prod', volume: 'mysql-prod-pv', directory: 'prod/mysql/db', nodePort: 31306 },
  },
  ({ namespace, volume, directory, nodePort }) => ({
    namespace,
    build(scope, context) {
      const keys = ['MYSQL_ROOT_PASSWORD', 'MYSQL_DATABASE', 'MYSQL_USER', 'MYSQL_PASSWORD'];
      const credentials = new Secret(scope, 'credentials', {
        name: 'mysql-secret',
        values: Object.fromEntries(keys.map((key) => [key, context.secret(key)])),
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
            name: volume,
            node: context.setting('node'),
            directory: `${context.setting('dataDirectory')}/${directory}`,
          },
          claim: 'mysql-pvc',
          mountPath: '/var/lib/mysql',
        },
        service: { nodePort },
      });
    },
  }),
);
