import { defineApp } from '../../../src/app/index.js';
import { HttpCronJob } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new HttpCronJob(scope, 'snapshot', {
      name: 'friend-app-snapshot',
      schedule: '0 7 * * *',
      url: 'http://friend-app:3000/api/snapshot',
      bearer: { secret: 'friend-app-secret', key: 'ASSETS_TOKEN' },
    });
  },
});
