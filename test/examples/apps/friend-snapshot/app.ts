import { defineApp } from '../../../../src/app/index.js';
import { HttpCronJob, Secret } from '../../../../src/constructs/index.js';

/** Makes friend-app take a snapshot every morning. */
export const app = defineApp({
  namespace: 'prodesk',
  build(scope, context) {
    const secret = new Secret(scope, 'secret', {
      name: 'friend-app-secret',
      values: { ASSETS_TOKEN: context.secret('ASSETS_TOKEN') },
    });
    new HttpCronJob(scope, 'snapshot', {
      name: 'friend-app-snapshot',
      schedule: '0 7 * * *',
      timeZone: 'Asia/Seoul',
      concurrency: 'Forbid',
      keepSuccessful: 1,
      keepFailed: 3,
      retries: 2,
      restartPolicy: 'Never',
      url: 'http://friend-app:3000/api/snapshot',
      bearer: { secret, key: 'ASSETS_TOKEN' },
      resources: { limits: { memory: '32Mi' } },
    });
  },
});
