import { defineApp } from '../../../src/app/index.js';
import { Service, StatefulSet, Volume } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const service = new Service(scope, 'service', { name: 'nats', port: 4222, headless: true });
    new StatefulSet(scope, 'nats', {
      name: 'nats',
      image: 'nats:2.10.22',
      port: 4222,
      service,
      replicas: 3,
      claims: [{ name: 'data', size: '1Gi' }],
      mounts: [Volume.ownClaim('data').mountAt('/data')],
    });
  },
});
