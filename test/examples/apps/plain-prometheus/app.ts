import { defineApp } from '../../../../src/app/index.js';
import {
  ConfigMap,
  patch,
  Service,
  ServiceAccount,
  ServiceMonitor,
  StatefulSet,
  Volume,
} from '../../../../src/constructs/index.js';

const CONFIGURATION = `global:
  scrape_interval: 30s
scrape_configs:
  - job_name: self
    static_configs:
      - targets: ["localhost:9090"]
`;

/** Prometheus without a chart, and a monitor with two ports whose selector is an expression. */
export const app = defineApp({
  namespace: 'monitoring',
  outside: [{ kind: 'Secret', name: 'scrape' }],
  build(scope, context) {
    const config = new ConfigMap(scope, 'config', {
      name: 'prometheus-config',
      data: { 'prometheus.yml': CONFIGURATION },
    });
    const file = Volume.configMap('config', config);
    new StatefulSet(scope, 'prometheus', {
      name: 'prometheus',
      service: 'prometheus',
      serviceAccount: 'prometheus',
      podSecurity: { fsGroup: 65534, runAsUser: 65534, runAsNonRoot: true },
      image: 'prom/prometheus:v2.55.0',
      args: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--storage.tsdb.retention.time=15d',
        '--web.enable-lifecycle',
      ],
      port: { name: 'web', port: 9090 },
      probes: { readiness: { httpPath: '/-/ready', port: 'web' } },
      mounts: [file.mountAt('/etc/prometheus'), Volume.ownClaim('data').mountAt('/prometheus')],
      claims: [{ name: 'data', size: '10Gi' }],
      moreContainers: [
        {
          name: 'reloader',
          image: 'ghcr.io/jimmidyson/configmap-reload:v0.13.1',
          args: ['--volume-dir=/etc/prometheus', '--webhook-url=http://127.0.0.1:9090/-/reload'],
          mounts: [file.mountAt('/etc/prometheus', { readOnly: true })],
        },
      ],
    });
    new Service(scope, 'service', { name: 'prometheus', type: null, portName: 'web', port: 9090 });
    new ServiceAccount(scope, 'account', {
      name: 'prometheus',
      namespace: context.namespace,
      clusterRules: [
        { resources: ['nodes', 'nodes/metrics', 'services', 'endpoints', 'pods'], verbs: ['get', 'list', 'watch'] },
        { urls: ['/metrics', '/metrics/cadvisor'], verbs: ['get'] },
      ],
    });
    const monitor = new ServiceMonitor(scope, 'monitor', {
      name: 'api-servers',
      labels: { team: 'home' },
      namespaces: 'any',
      targetLabels: ['app'],
      app: 'shop',
      portName: 'http',
      path: '/actuator/prometheus',
      honorLabels: true,
      basicAuth: { username: { secret: 'scrape', key: 'user' }, password: { secret: 'scrape', key: 'password' } },
      morePorts: [
        {
          targetPort: 9404,
          interval: null,
          scheme: 'https',
          insecureSkipVerify: true,
          params: { module: ['http_2xx'] },
        },
      ],
    });
    patch(monitor, {
      spec: {
        selector: {
          matchLabels: null,
          matchExpressions: [{ key: 'app', operator: 'In', values: ['shop', 'orders'] }],
        },
      },
    });
  },
});
