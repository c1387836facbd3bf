import { defineApp } from '../../../../src/app/index.js';
import { Database, values, Volume } from '../../../../src/constructs/index.js';

const data = '/usr/share/elasticsearch/data';

/** A search engine that wants a kernel parameter, files that belong to its own user, and a directory in memory. */
export const app = defineApp({
  namespace: 'prodesk',
  build(scope, context) {
    const files = Volume.claim('elasticsearch-data', 'elasticsearch-pvc').mountAt(data);
    new Database(scope, 'search', {
      name: 'elasticsearch',
      image: 'docker.elastic.co/elasticsearch/elasticsearch:8.15.3',
      port: 9200,
      ports: [{ name: 'transport', port: 9300 }],
      environment: [
        values({
          'discovery.type': 'single-node',
          'xpack.security.enabled': 'false',
          ES_JAVA_OPTS: '-Xms512m -Xmx512m',
        }),
      ],
      resources: { requests: { cpu: '100m', memory: '1Gi' }, limits: { cpu: '1', memory: '2Gi' } },
      initContainers: [
        {
          name: 'sysctl',
          image: 'busybox:1.37',
          command: ['sysctl', '-w', 'vm.max_map_count=262144'],
          security: { privileged: true, runAsUser: 0 },
        },
        {
          name: 'chown',
          image: 'busybox:1.37',
          command: ['chown', '-R', '1000:1000', data],
          mounts: [files],
          security: { runAsUser: 0 },
        },
      ],
      mounts: [Volume.memory('tmp', '256Mi').mountAt('/tmp')],
      probes: { readiness: { httpPath: '/_cluster/health', initialDelaySeconds: 20 } },
      podSecurity: { fsGroup: 1000 },
      storage: {
        size: '20Gi',
        volume: {
          name: 'elasticsearch-pv',
          node: context.setting('node'),
          directory: `${context.setting('dataDirectory')}/elasticsearch`,
        },
        claim: 'elasticsearch-pvc',
        mountPath: data,
      },
    });
  },
});
