import { defineApp } from '../../src/app/index.js';
import { ConfigMap, Database, ExternalService, Volume } from '../../src/constructs/index.js';
import { redisConf } from './redis-conf.js';

const PORT = 6379;

/**
 * Setting `redis.mode`: `deployment`, or `external` for a Redis that runs on the node outside of the cluster.
 *
 * The password is the secret `redis.REDIS_PASSWORD`. Its clients have it in secrets of their own (`naver-news.REDIS_PASSWORD`, and the
 * Secret `redis-secret` that is made by hand): an application reads no other application's secrets, so a new password is set for each.
 * The PersistentVolume `redis-pv` is made by hand too.
 */
export const app = defineApp({
  namespace: 'prodesk',
  sync: 'manual',
  outside: [{ kind: 'PersistentVolume', name: 'redis-pv' }],
  build(scope, context) {
    const mode = context.setting('redis.mode', 'deployment');
    if (mode === 'external') {
      new ExternalService(scope, 'external', { name: 'redis', port: PORT, address: context.setting('nodeAddress') });
      return;
    }
    if (mode !== 'deployment') {
      throw new RangeError(`setting redis.mode is neither deployment nor external: "${mode}"`);
    }
    const configMap = new ConfigMap(scope, 'config', {
      name: 'redis-config',
      data: { 'redis.conf': redisConf(PORT, context.secret('REDIS_PASSWORD')) },
    });
    new Database(scope, 'database', {
      name: 'redis',
      image: 'redis:7.2',
      port: PORT,
      command: ['redis-server', '/usr/local/etc/redis/redis.conf'],
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '250m', memory: '256Mi' } },
      storage: {
        size: '2Gi',
        volume: 'redis-pv',
        claim: 'redis-pvc',
        neverPrune: true,
        mountPath: '/data',
      },
      mounts: [
        Volume.configMap('redis-config', configMap).mountAt('/usr/local/etc/redis/redis.conf', {
          subPath: 'redis.conf',
        }),
      ],
      service: { nodePort: 30379 },
    });
  },
});
