import { defineApp } from '../../../src/app/index.js';
import { fromSecret, inWave, Job, Secret, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const image = 'ghcr.io/sijunkim/shop:1.4.2';
    const environment = [fromSecret('shop-db')];

    new Secret(scope, 'password', { name: 'shop-db', values: { MYSQL_ROOT_PASSWORD: context.secret('DB_PASSWORD') } });
    new WebApp(scope, 'db', { name: 'db', image: 'mysql:8.0.37', port: 3306, environment });
    inWave(1, new Job(scope, 'migrate', { name: 'migrate', image, environment, args: ['migrate'], hook: 'sync' }));
    inWave(2, new WebApp(scope, 'web', { name: 'shop', image, port: 8080, environment }));
    new Job(scope, 'smoke', {
      name: 'smoke',
      image: 'curlimages/curl:8.10.1',
      args: ['http://shop:8080'],
      hook: 'post-sync',
    });
  },
});
