import { describe, expect, it } from 'vitest';
import {
  fromConfigMap,
  fromSecret,
  fromSecretKey,
  values,
  Volume,
  WebApp,
  type WebAppProps,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const PROPS: WebAppProps = { name: 'shop', image: 'ghcr.io/x/shop:1', port: 8080 };
const make = (props: Partial<WebAppProps> = {}) =>
  synthesize((scope) => new WebApp(scope, 'web', { ...PROPS, ...props }));
const podOf = (props: Partial<WebAppProps>) =>
  (make(props)[0] as unknown as { spec: { template: { spec: Record<string, unknown> } } }).spec.template.spec;

describe('constructs/web-app', () => {
  it('three facts make a Deployment and a ClusterIP Service, and nothing more', () => {
    expect(make()).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'shop' },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'shop' } },
          template: {
            metadata: { labels: { app: 'shop' } },
            spec: { containers: [{ name: 'shop', image: 'ghcr.io/x/shop:1', ports: [{ containerPort: 8080 }] }] },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'shop' },
        spec: { type: 'ClusterIP', selector: { app: 'shop' }, ports: [{ port: 8080, targetPort: 8080 }] },
      },
    ]);
  });

  it('metrics give the Service the label and the port name that the ServiceMonitor looks for', () => {
    const [, service, monitor] = make({ metrics: { path: '/prom' }, service: { labels: { tier: 'front' } } });
    expect(service?.metadata.labels).toEqual({ tier: 'front', app: 'shop' });
    expect(service?.spec).toMatchObject({ ports: [{ name: 'http', port: 8080 }] });
    expect(monitor?.spec).toEqual({
      selector: { matchLabels: { app: 'shop' } },
      endpoints: [{ port: 'http', path: '/prom', interval: '30s' }],
    });
  });

  it('metrics keep a port name that is there', () => {
    const [, service, monitor] = make({ metrics: {}, service: { portName: 'web' } });
    expect(service?.spec).toMatchObject({ ports: [{ name: 'web' }] });
    expect(monitor?.spec).toMatchObject({ endpoints: [{ port: 'web', path: '/metrics' }] });
  });

  it('a route leads its host to the Service', () => {
    const [, , route] = make({ route: { host: 'shop.example.com', middlewares: ['login'] } });
    expect(route?.metadata.name).toBe('shop');
    expect(route?.spec).toMatchObject({
      routes: [
        {
          match: 'Host(`shop.example.com`)',
          middlewares: [{ name: 'login' }],
          services: [{ name: 'shop', port: 8080 }],
        },
      ],
    });
  });

  it('environment sources keep their order', () => {
    const environment = [
      fromSecret('a'),
      values({ B: '2', A: '1' }),
      fromConfigMap({ name: 'c' }),
      fromSecretKey('PASSWORD', 'redis-secret', 'REDIS_PASSWORD'),
    ];
    expect(podOf({ environment }).containers).toMatchObject([
      {
        envFrom: [{ secretRef: { name: 'a' } }, { configMapRef: { name: 'c' } }],
        env: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
          { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'redis-secret', key: 'REDIS_PASSWORD' } } },
        ],
      },
    ]);
  });

  it('probes, init containers, memory volumes, pull secrets and service links appear in the pod', () => {
    const cache = Volume.memory('cache', '64Mi');
    const pod = podOf({
      probes: {
        readiness: { httpPath: '/ready', port: 8080, periodSeconds: 5 },
        liveness: { tcpPort: 8080 },
        startup: { command: ['true'] },
      },
      mounts: [cache.mountAt('/cache')],
      initContainers: [{ name: 'prepare', image: 'busybox:1', mounts: [cache.mountAt('/work', { readOnly: true })] }],
      pullSecrets: ['ghcr-pull'],
      enableServiceLinks: false,
    });
    expect(pod).toEqual({
      enableServiceLinks: false,
      imagePullSecrets: [{ name: 'ghcr-pull' }],
      initContainers: [
        { name: 'prepare', image: 'busybox:1', volumeMounts: [{ name: 'cache', mountPath: '/work', readOnly: true }] },
      ],
      containers: [
        {
          name: 'shop',
          image: 'ghcr.io/x/shop:1',
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
          livenessProbe: { tcpSocket: { port: 8080 } },
          startupProbe: { exec: { command: ['true'] } },
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      volumes: [{ name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }],
    });
  });

  it.each<[string, Partial<WebAppProps>, string]>([
    ['a name with capitals', { name: 'Shop' }, '"Shop"'],
    ['port 0', { port: 0 }, '"0"'],
    ['a node port below 30000', { service: { nodePort: 8080 } }, '"8080"'],
    ['an empty image', { image: '' }, 'image reference: ""'],
    ['an image with a blank', { image: 'a b' }, '"a b"'],
    ['half a replica', { replicas: 0.5 }, '"0.5"'],
    ['an amount without meaning', { resources: { requests: { cpu: 'much' } } }, '"much"'],
    [
      'a request above its limit',
      { resources: { requests: { memory: '2Gi' }, limits: { memory: '512Mi' } } },
      '"2Gi" is above the limit "512Mi"',
    ],
    ['a variable given twice', { environment: [values({ A: '1' }), fromSecretKey('A', 's')] }, '"A"'],
    ['a variable with a blank', { environment: [values({ 'A B': '1' })] }, '"A B"'],
    ['a host with a path', { route: { host: 'a.b/c' } }, '"a.b/c"'],
    ['an interval without unit', { metrics: { interval: '30' } }, '"30"'],
    ['a metrics path without slash', { metrics: { path: 'metrics' } }, '"metrics"'],
    [
      'two volumes of one name',
      { mounts: [Volume.empty('v').mountAt('/a'), Volume.secret('v', 's').mountAt('/b')] },
      '"v"',
    ],
  ])('%s is refused and quoted', (_what, props, quoted) => {
    expect(building((scope) => new WebApp(scope, 'web', { ...PROPS, ...props }))).toThrow(quoted);
  });

  it('a relative mount path is refused', () => {
    expect(() => Volume.empty('v').mountAt('data')).toThrow('"data"');
  });
});
