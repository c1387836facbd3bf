import { defineApp } from '../../../src/app/index.js';
import { Job } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new Job(scope, 'migrate', {
      name: 'migrate-1-4-2',
      image: 'ghcr.io/sijunkim/shop:1.4.2',
      command: ['shop', 'migrate'],
      retries: 3,
      ttlSecondsAfterFinished: 86400,
    });
  },
});
