import { defineApp } from '../../../../src/app/index.js';
import {
  fromField,
  PodDisruptionBudget,
  Service,
  StatefulSet,
  values,
  Volume,
} from '../../../../src/constructs/index.js';

/** A set of pods with names and volumes of their own, spread over nodes. */
export const app = defineApp({
  namespace: 'kafka',
  build(scope) {
    const labels = { app: 'kafka' };
    const headless = new Service(scope, 'headless', {
      name: 'kafka-headless',
      labels,
      app: 'kafka',
      type: null,
      headless: true,
      publishNotReadyAddresses: true,
      portName: 'broker',
      port: 9092,
      morePorts: [{ name: 'controller', port: 9093 }],
    });
    new Service(scope, 'service', { name: 'kafka', portName: 'broker', port: 9092, targetPort: 'broker' });
    new StatefulSet(scope, 'kafka', {
      name: 'kafka',
      labels,
      service: headless,
      replicas: 3,
      podManagement: 'Parallel',
      revisionHistoryLimit: 2,
      minReadySeconds: 5,
      updateStrategy: 'RollingUpdate',
      partition: 1,
      claimRetention: { whenDeleted: 'Retain', whenScaled: 'Delete' },
      terminationGracePeriodSeconds: 120,
      podSecurity: { fsGroup: 1001 },
      topologySpread: [{ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }],
      image: 'apache/kafka:3.8.1',
      command: ['sh', '-c', 'export KAFKA_NODE_ID=${HOSTNAME##*-}; exec /etc/kafka/docker/run'],
      port: { name: 'broker', port: 9092 },
      ports: [{ name: 'controller', port: 9093 }],
      environment: [values({ KAFKA_LOG_DIRS: '/data/logs' }), fromField('POD_NAME', 'metadata.name')],
      probes: { readiness: { tcpPort: 'broker', initialDelaySeconds: 10 } },
      claims: [{ name: 'data', labels, size: '10Gi', storageClass: 'local-path' }],
      mounts: [Volume.ownClaim('data').mountAt('/data')],
    });
    new PodDisruptionBudget(scope, 'budget', { name: 'kafka', app: 'kafka', maxUnavailable: 1 });
  },
});
