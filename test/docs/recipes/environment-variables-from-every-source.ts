import { defineApp } from '../../../src/app/index.js';
import {
  ConfigMap,
  fromConfigMap,
  fromConfigMapKey,
  fromField,
  fromResource,
  fromSecret,
  fromSecretKey,
  Secret,
  values,
  Worker,
} from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const config = new ConfigMap(scope, 'config', { name: 'shop-config', data: { DB_HOST: 'mysql', MODE: 'fast' } });
    const secret = new Secret(scope, 'secret', {
      name: 'shop-secret',
      values: { DB_PASSWORD: context.secret('DB_PASSWORD') },
    });
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      environment: [
        values({ TZ: 'Asia/Seoul' }),
        fromConfigMap(config),
        fromSecret(secret, { prefix: 'SECRET_', optional: true }),
        fromConfigMapKey('SPEED', config, 'MODE'),
        fromSecretKey('DB_PASSWORD', secret),
        fromField('POD_NAME', 'metadata.name'),
        fromResource('MEMORY_MIB', 'limits.memory', '1Mi'),
      ],
    });
  },
});
