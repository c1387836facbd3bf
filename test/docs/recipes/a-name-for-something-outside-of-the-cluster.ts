import { defineApp } from '../../../src/app/index.js';
import { ExternalService } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new ExternalService(scope, 'nas', {
      name: 'nas',
      port: 80,
      address: context.setting('nodeAddress'),
      targetPort: 5000,
      via: 'EndpointSlice',
    });
  },
});
