import { defineApp } from '../../../../src/app/index.js';
import { DaemonSet, Service, ServiceMonitor, Volume } from '../../../../src/constructs/index.js';

const LABELS = { 'app.kubernetes.io/name': 'node-exporter' };

/** An exporter on each node, on the node's own network. */
export const app = defineApp({
  namespace: 'monitoring',
  build(scope) {
    const host = (name: string, path: string) => Volume.hostPath(name, path);
    new DaemonSet(scope, 'exporter', {
      name: 'node-exporter',
      labels: LABELS,
      selector: LABELS,
      updateStrategy: 'RollingUpdate',
      maxUnavailable: 1,
      podAnnotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' },
      mountServiceAccountToken: false,
      hostNetwork: true,
      hostPid: true,
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      priorityClass: 'system-node-critical',
      podSecurity: { runAsGroup: 65534, runAsNonRoot: true, runAsUser: 65534 },
      tolerations: [{}],
      image: 'quay.io/prometheus/node-exporter:v1.8.2',
      args: [
        '--path.procfs=/host/proc',
        '--path.sysfs=/host/sys',
        '--path.rootfs=/host/root',
        '--web.listen-address=0.0.0.0:9100',
      ],
      port: { name: 'metrics', port: 9100, hostPort: 9100, protocol: 'TCP' },
      resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
      security: {
        allowPrivilegeEscalation: false,
        addCapabilities: ['SYS_TIME'],
        dropCapabilities: ['ALL'],
        readOnlyRootFilesystem: true,
      },
      mounts: [
        host('proc', '/proc').mountAt('/host/proc', { readOnly: true }),
        host('sys', '/sys').mountAt('/host/sys', { readOnly: true }),
        host('root', '/').mountAt('/host/root', { mountPropagation: 'HostToContainer', readOnly: true }),
      ],
    });
    new Service(scope, 'service', {
      name: 'node-exporter',
      labels: LABELS,
      annotations: { 'prometheus.io/scrape': 'true' },
      app: LABELS,
      type: null,
      headless: true,
      portName: 'metrics',
      port: 9100,
      targetPort: 'metrics',
    });
    new ServiceMonitor(scope, 'monitor', {
      name: 'node-exporter',
      jobLabel: 'app.kubernetes.io/name',
      app: LABELS,
      portName: 'metrics',
      path: null,
      interval: '15s',
      relabelings: [{ action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'instance' }],
    });
  },
});
