import { defineApp } from '../../../src/app/index.js';
import { ServiceAccount, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const account = new ServiceAccount(scope, 'account', {
      name: 'watcher',
      rules: [{ resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] }],
    });
    new Worker(scope, 'watcher', { name: 'watcher', image: 'ghcr.io/sijunkim/watcher:1', serviceAccount: account });
  },
});
