/** The application that the demo adds by dropping a folder into `apps/`: a workload with data that must outlive it. */
export const HELLO_APP = `import { defineApp } from '../../src/app/index.js';
import { Database } from '../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'hello',
  build(scope, context) {
    new Database(scope, 'hello', {
      name: 'hello',
      image: 'nginx:1.29',
      port: 80,
      storage: {
        size: '1Gi',
        volume: { name: 'hello-pv', node: context.setting('node'), directory: '/srv/hello' },
        claim: 'hello-pvc',
        mountPath: '/usr/share/nginx/html',
      },
    });
  },
});
`;
