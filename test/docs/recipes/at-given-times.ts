import { defineApp } from '../../../src/app/index.js';
import { CronJob } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new CronJob(scope, 'backup', {
      name: 'backup',
      image: 'ghcr.io/sijunkim/backup:1.0.0',
      schedule: '30 3 * * *',
      timeZone: 'Asia/Seoul',
      concurrency: 'Forbid',
      deadlineSeconds: 3600,
    });
  },
});
