import { defineApp } from '../../../../src/app/index.js';
import {
  Claim,
  ConfigMap,
  fromSecret,
  fromSecretKey,
  LocalVolume,
  ServiceMonitor,
  values,
  Volume,
  WebApp,
} from '../../../../src/constructs/index.js';

const READY = ['sh', '-c', 'pg_isready -U $POSTGRES_USER'];

/** PostgreSQL on a local volume that its claim finds by label, with an exporter beside it. */
export const app = defineApp({
  namespace: 'db',
  outside: [{ kind: 'Secret', name: 'postgres-secret' }],
  build(scope, context) {
    new LocalVolume(scope, 'volume', {
      name: 'postgres-pv',
      labels: { type: 'local', app: 'postgres' },
      size: '20Gi',
      volumeMode: 'Filesystem',
      claim: { name: 'postgres-pvc', namespace: context.namespace },
      directory: `${context.setting('dataDirectory')}/postgres`,
      node: context.setting('node'),
    });
    const claim = new Claim(scope, 'claim', {
      name: 'postgres-pvc',
      size: '20Gi',
      storageClass: 'local-storage',
      volumeLabels: { app: 'postgres' },
    });
    const init = new ConfigMap(scope, 'init', {
      name: 'postgres-init',
      data: { '01-init.sql': 'CREATE DATABASE shop;\n' },
    });
    new WebApp(scope, 'database', {
      name: 'postgres',
      labels: { app: 'postgres' },
      strategy: 'Recreate',
      image: 'postgres:17.2-alpine',
      args: ['-c', 'max_connections=200', '-c', 'shared_buffers=256MB'],
      port: { port: 5432, name: 'postgres' },
      environment: [
        values({ PGDATA: '/var/lib/postgresql/data/pgdata', TZ: 'Asia/Seoul' }),
        fromSecret('postgres-secret'),
      ],
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      podSecurity: { fsGroup: 999, fsGroupChangePolicy: 'OnRootMismatch' },
      probes: {
        readiness: { command: READY, initialDelaySeconds: 5, periodSeconds: 10 },
        liveness: { command: READY, initialDelaySeconds: 30, timeoutSeconds: 5 },
      },
      mounts: [
        Volume.claim('data', claim).mountAt('/var/lib/postgresql/data'),
        Volume.configMap('init', init).mountAt('/docker-entrypoint-initdb.d'),
        Volume.memory('dshm', '128Mi').mountAt('/dev/shm'),
      ],
      moreContainers: [
        {
          name: 'exporter',
          image: 'quay.io/prometheuscommunity/postgres-exporter:v0.15.0',
          port: { port: 9187, name: 'metrics' },
          environment: [
            values({ DATA_SOURCE_URI: 'localhost:5432/postgres?sslmode=disable' }),
            fromSecretKey('DATA_SOURCE_USER', 'postgres-secret', 'POSTGRES_USER'),
            fromSecretKey('DATA_SOURCE_PASS', 'postgres-secret', 'POSTGRES_PASSWORD'),
          ],
          resources: { limits: { cpu: '100m', memory: '64Mi' } },
        },
      ],
      service: {
        labels: { app: 'postgres' },
        portName: 'postgres',
        targetPort: 'postgres',
        nodePort: 30432,
        morePorts: [{ name: 'metrics', port: 9187, targetPort: 'metrics' }],
      },
    });
    new ServiceMonitor(scope, 'monitor', {
      name: 'postgres',
      labels: { release: 'monitoring' },
      app: 'postgres',
      portName: 'metrics',
      path: null,
    });
  },
});
