import { defineApp } from '../../../src/app/index.js';
import { TraefikConfig } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new TraefikConfig(scope, 'traefik', {
      exposure: { mode: 'hostNetwork' },
      acme: { email: context.setting('acmeEmail') },
      arguments: ['--log.level=INFO'],
    });
  },
});
