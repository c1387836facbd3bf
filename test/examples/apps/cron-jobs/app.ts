import { defineApp } from '../../../../src/app/index.js';
import { CronJob, fromSecretKey, Volume } from '../../../../src/constructs/index.js';

const WARMUP = 'curl -fsS --max-time 60 -X POST -H "Authorization: Bearer $TOKEN" http://orders-api/warmup';
const DUMP = 'pg_dump -h postgres -U shop shop | gzip > /backup/shop-$(date +%F).sql.gz';

/** Two CronJobs as shells have them: a call with a secret header, and a dump into a directory of the node. */
export const app = defineApp({
  namespace: 'shop-prod',
  outside: [{ kind: 'Secret', name: 'jobs-secret', keys: ['token', 'password'] }],
  build(scope) {
    const labels = { app: 'cache-warmup' };
    new CronJob(scope, 'warmup', {
      name: 'cache-warmup',
      labels,
      jobLabels: labels,
      podLabels: labels,
      schedule: '*/15 * * * *',
      timeZone: 'Asia/Seoul',
      concurrency: 'Forbid',
      suspend: false,
      startingDeadlineSeconds: 120,
      keepSuccessful: 1,
      keepFailed: 3,
      retries: 2,
      deadlineSeconds: 300,
      ttlSecondsAfterFinished: 3600,
      containerName: 'curl',
      image: 'curlimages/curl:8.10.1',
      imagePullPolicy: 'IfNotPresent',
      command: ['/bin/sh', '-c'],
      args: [WARMUP],
      environment: [fromSecretKey('TOKEN', 'jobs-secret', 'token')],
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
      security: { runAsNonRoot: true, runAsUser: 100 },
    });
    new CronJob(scope, 'backup', {
      name: 'pg-backup',
      schedule: '0 3 * * *',
      restartPolicy: 'Never',
      serviceAccount: 'default',
      containerName: 'dump',
      image: 'postgres:17.2',
      command: ['sh', '-c', DUMP],
      environment: [fromSecretKey('PGPASSWORD', 'jobs-secret', 'password')],
      mounts: [Volume.hostPath('backup', '/srv/backup', 'Directory').mountAt('/backup')],
    });
  },
});
