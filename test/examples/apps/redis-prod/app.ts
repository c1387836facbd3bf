import { defineApp } from '../../../../src/app/index.js';
import { ConfigMap, Database, Secret, Volume } from '../../../../src/constructs/index.js';

/** Redis with its configuration in a ConfigMap. Clients read the password from `redis-secret`. */
export const app = defineApp({
  namespace: 'dama-prod',
  build(scope, context) {
    const password = context.secret('REDIS_PASSWORD');
    const configMap = new ConfigMap(scope, 'config', {
      name: 'redis-config',
      data: { 'redis.conf': `bind 0.0.0.0\nrequirepass ${password}\ndir /data\nappendonly yes\n` },
    });
    new Secret(scope, 'secret', { name: 'redis-secret', values: { REDIS_PASSWORD: password } });
    new Database(scope, 'database', {
      name: 'redis',
      image: 'redis:7.2',
      port: 6379,
      command: ['redis-server', '/usr/local/etc/redis/redis.conf'],
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '250m', memory: '256Mi' } },
      mounts: [
        Volume.configMap('redis-config', configMap).mountAt('/usr/local/etc/redis/redis.conf', {
          subPath: 'redis.conf',
        }),
      ],
      storage: {
        size: '2Gi',
        volume: {
          name: 'redis-prod-pv',
          node: context.setting('node'),
          directory: `${context.setting('dataDirectory')}/prod/redis/db`,
        },
        claim: 'redis-pvc',
        neverPrune: true,
        mountPath: '/data',
      },
      service: { nodePort: 31379 },
    });
  },
});
