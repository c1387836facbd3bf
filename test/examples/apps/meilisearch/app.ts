import { defineApp } from '../../../../src/app/index.js';
import { Claim, fromSecretKey, values, Volume, WebApp } from '../../../../src/constructs/index.js';

const SELECTOR = { 'app.kubernetes.io/name': 'meilisearch' };
const LABELS = { ...SELECTOR, 'app.kubernetes.io/part-of': 'search' };

/** A search engine on a claim of the default provisioner, with Kubernetes' recommended labels instead of `app`. */
export const app = defineApp({
  namespace: 'search',
  outside: [{ kind: 'Secret', name: 'meili-secret', keys: ['MEILI_MASTER_KEY'] }],
  build(scope) {
    const claim = new Claim(scope, 'claim', {
      name: 'meili-data',
      labels: SELECTOR,
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
      storageClass: 'local-path',
      volumeMode: 'Filesystem',
      size: '5Gi',
    });
    const data = Volume.claim('data', claim).mountAt('/meili_data', { subPath: 'meili' });
    new WebApp(scope, 'web', {
      name: 'meilisearch',
      labels: LABELS,
      selector: SELECTOR,
      podLabels: LABELS,
      strategy: 'Recreate',
      image: 'getmeili/meilisearch:v1.11',
      imagePullPolicy: 'IfNotPresent',
      port: { port: 7700, name: 'http' },
      environment: [
        values({ MEILI_ENV: 'production', MEILI_NO_ANALYTICS: 'true' }),
        fromSecretKey('MEILI_MASTER_KEY', 'meili-secret'),
      ],
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      probes: {
        readiness: { httpPath: '/health', port: 'http', initialDelaySeconds: 5 },
        liveness: { tcpPort: 7700, failureThreshold: 6 },
      },
      initContainers: [
        {
          name: 'fix-permissions',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'chown -R 1000:1000 /meili_data\nchmod 700 /meili_data\n'],
          resources: { limits: { cpu: '50m', memory: '32Mi' } },
          security: { runAsUser: 0 },
          mounts: [data],
        },
      ],
      mounts: [
        data,
        Volume.memory('shm', '256Mi').mountAt('/dev/shm'),
        Volume.hostPath('dumps', '/srv/meili/dumps', 'DirectoryOrCreate').mountAt('/dumps'),
      ],
      service: { type: null, targetPort: 'http' },
    });
  },
});
