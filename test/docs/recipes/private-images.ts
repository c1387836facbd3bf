import { defineApp } from '../../../src/app/index.js';
import { PullSecret, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const pull = new PullSecret(scope, 'pull', { username: 'sijunkim', password: context.secret('GHCR_TOKEN') });
    new Worker(scope, 'worker', { name: 'worker', image: 'ghcr.io/sijunkim/private:1', pullSecrets: [pull] });
  },
});
