import { defineApp, newestBuild } from '../../../../src/app/index.js';
import {
  ConfigMap,
  fromConfigMap,
  fromField,
  fromSecret,
  fromSecretKey,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  ServiceAccount,
  ServiceMonitor,
  values,
  Volume,
  WebApp,
} from '../../../../src/constructs/index.js';

const IMAGE = 'ghcr.io/sijunkim/orders-api';
const LABELS = { app: 'orders-api', tier: 'backend' };

/** A Spring API with all that a careful owner says: two labels in its selector, a port for management, files, spread, scale. */
export const app = defineApp({
  namespace: 'shop-prod',
  images: [newestBuild(IMAGE, { allow: '^main-' })],
  outside: [
    { kind: 'Secret', name: 'ghcr-pull' },
    { kind: 'Secret', name: 'orders-secret', keys: ['password'] },
  ],
  build(scope, context) {
    const account = new ServiceAccount(scope, 'account', {
      name: 'orders-api',
      mountToken: false,
      pullSecrets: ['ghcr-pull'],
    });
    const config = new ConfigMap(scope, 'config', {
      name: 'orders-config',
      labels: LABELS,
      data: { SPRING_PROFILES_ACTIVE: 'prod', SERVER_PORT: '8080' },
    });
    const files = new ConfigMap(scope, 'files', {
      name: 'orders-files',
      immutable: true,
      data: {
        'application.yml': 'spring:\n  application:\n    name: orders\n',
        'logback.xml': '<configuration/>',
      },
    });
    const volume = Volume.configMap('files', files, { mode: 0o644 });
    const file = (name: string) => volume.mountAt(`/app/config/${name}`, { subPath: name, readOnly: true });
    const web = new WebApp(scope, 'web', {
      name: 'orders-api',
      containerName: 'api',
      image: `${IMAGE}:main-placeholder`,
      imagePullPolicy: 'Always',
      port: { port: 8080, name: 'http', protocol: 'TCP' },
      ports: [{ port: 8081, name: 'management' }],
      replicas: 2,
      revisionHistoryLimit: 3,
      minReadySeconds: 10,
      progressDeadlineSeconds: 300,
      strategy: 'RollingUpdate',
      maxSurge: 1,
      maxUnavailable: 0,
      labels: LABELS,
      annotations: { description: 'orders of the shop' },
      selector: LABELS,
      podLabels: { version: 'v1' },
      podAnnotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/path': '/actuator/prometheus',
        'prometheus.io/port': '8081',
      },
      serviceAccount: account,
      enableServiceLinks: false,
      pullSecrets: ['ghcr-pull'],
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      podSecurity: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
      topologySpread: [
        { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', app: 'orders-api' },
      ],
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                topologyKey: 'kubernetes.io/hostname',
                labelSelector: { matchLabels: { app: 'orders-api' } },
              },
            },
          ],
        },
      },
      terminationGracePeriodSeconds: 60,
      environment: [
        values({ JAVA_TOOL_OPTIONS: '-XX:MaxRAMPercentage=60 -Duser.timezone=Asia/Seoul' }),
        fromSecretKey('DB_PASSWORD', 'orders-secret', 'password'),
        values({ DB_URL: 'jdbc:postgresql://postgres:5432/orders?password=$(DB_PASSWORD)' }),
        fromField('POD_IP', 'status.podIP'),
        fromConfigMap(config),
        fromSecret('orders-extra', { optional: true }),
      ],
      resources: {
        requests: { cpu: '200m', memory: '512Mi', 'ephemeral-storage': '100Mi' },
        limits: { memory: '1Gi' },
      },
      probes: {
        startup: {
          httpPath: '/actuator/health/liveness',
          port: 'management',
          failureThreshold: 30,
          periodSeconds: 5,
        },
        readiness: {
          httpPath: '/actuator/health/readiness',
          port: 'management',
          headers: { 'X-Probe': 'kubelet' },
          periodSeconds: 10,
          timeoutSeconds: 3,
          successThreshold: 1,
        },
        liveness: {
          httpPath: '/actuator/health/liveness',
          port: 'management',
          scheme: 'HTTP',
          initialDelaySeconds: 60,
          periodSeconds: 20,
        },
      },
      preStop: ['sh', '-c', 'sleep 10'],
      security: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, dropCapabilities: ['ALL'] },
      mounts: [file('application.yml'), file('logback.xml'), Volume.empty('tmp').mountAt('/tmp')],
      service: {
        port: 80,
        portName: 'http',
        targetPort: 'http',
        protocol: 'TCP',
        morePorts: [{ name: 'management', port: 8081, targetPort: 'management' }],
        labels: { app: 'orders-api' },
        annotations: { 'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true' },
        sessionAffinity: 'ClientIP',
      },
    });
    new ServiceMonitor(scope, 'monitor', {
      name: 'orders-api',
      namespace: 'monitoring',
      namespaces: [context.namespace],
      labels: { release: 'monitoring' },
      jobLabel: 'app',
      app: 'orders-api',
      portName: 'management',
      path: '/actuator/prometheus',
      interval: '15s',
      scrapeTimeout: '10s',
      relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'pod' }],
      metricRelabelings: [{ action: 'drop', sourceLabels: ['__name__'], regex: 'jvm_gc_.*' }],
    });
    new PodDisruptionBudget(scope, 'budget', { name: 'orders-api', app: LABELS, maxUnavailable: '50%' });
    new HorizontalPodAutoscaler(scope, 'scale', {
      name: 'orders-api',
      deployment: web.deployment,
      min: 2,
      max: 4,
      cpuPercent: 70,
      memoryAverage: '800Mi',
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
      },
    });
  },
});
