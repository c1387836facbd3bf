import { defineApp } from '../../../src/app/index.js';
import { Namespace, PriorityClass, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    new Namespace(scope, 'namespace', { name: context.namespace, labels: { team: 'shop' } });
    const edge = new PriorityClass(scope, 'edge', { name: 'edge', value: 1000 });
    new Worker(scope, 'worker', {
      name: 'worker',
      image: 'ghcr.io/sijunkim/worker:1.0.0',
      replicas: 2,
      maxSurge: 1,
      maxUnavailable: 0,
      priorityClass: edge.name,
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      topologySpread: [{ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }],
          },
        },
      },
    });
  },
});
