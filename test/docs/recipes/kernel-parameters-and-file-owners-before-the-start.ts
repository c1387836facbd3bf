import { defineApp } from '../../../src/app/index.js';
import { Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const data = Volume.claim('data', 'search-pvc').mountAt('/data');
    new Worker(scope, 'search', {
      name: 'search',
      image: 'opensearchproject/opensearch:2.18.0',
      mounts: [data],
      initContainers: [
        {
          name: 'sysctl',
          image: 'busybox:1.37',
          command: ['sysctl', '-w', 'vm.max_map_count=262144'],
          security: { privileged: true },
        },
        { name: 'chown', image: 'busybox:1.37', command: ['chown', '-R', '1000:1000', '/data'], mounts: [data] },
      ],
    });
  },
});
