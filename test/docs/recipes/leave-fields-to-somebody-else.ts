import { defineApp } from '../../../src/app/index.js';
import { Secret } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  ignoreDifferences: [{ kind: 'Secret', name: 'session-key', pointers: ['/data/key'] }],
  build(scope, context) {
    new Secret(scope, 'key', { name: 'session-key', values: { key: context.secret('SESSION_KEY') } });
  },
});
