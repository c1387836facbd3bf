import { describe, expect, it } from 'vitest';
import {
  ClusterRoleBinding,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  IngressRoute,
  Middleware,
  NetworkPolicy,
  PersistentVolume,
  RateLimit,
  RedirectScheme,
  Service,
  ServiceMonitor,
  TcpRoute,
  Volume,
  WebApp,
  Worker,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const SHOP = { name: 'shop', image: 'shop:1' };
const pod = { containers: [SHOP] };

describe('constructs/field-choices', () => {
  it('a selector of other labels leads the Service and the monitor too', () => {
    const selector = { 'app.kubernetes.io/name': 'shop' };
    const [deployment, service, monitor] = synthesize((scope) => {
      new WebApp(scope, 'web', { ...SHOP, port: 8080, selector, metrics: {} });
    });
    expect(deployment).toMatchObject({
      spec: { selector: { matchLabels: selector }, template: { metadata: { labels: selector } } },
    });
    expect(deployment).not.toHaveProperty('spec.template.metadata.labels.app');
    expect(service).toMatchObject({ metadata: { labels: selector }, spec: { selector } });
    expect(monitor).toMatchObject({ spec: { selector: { matchLabels: selector } } });
  });

  it('null leaves out what is written otherwise', () => {
    const [service, route, redirect, monitor] = synthesize((scope) => {
      new Service(scope, 'a', { name: 'shop', port: 80, type: null, targetPort: null });
      new IngressRoute(scope, 'b', {
        name: 'shop',
        entryPoints: null,
        rules: [{ host: 'a.example.com', backend: { name: 'shop', port: 'http' } }],
      });
      new RedirectScheme(scope, 'c', { name: 'https', permanent: null });
      new ServiceMonitor(scope, 'd', { name: 'shop', app: 'shop', portName: 'http', path: null, interval: null });
    });
    expect(service?.spec).toEqual({ selector: { app: 'shop' }, ports: [{ port: 80 }] });
    expect(route?.spec).not.toHaveProperty('entryPoints');
    expect(redirect?.spec).toEqual({ redirectScheme: { scheme: 'https' } });
    expect(monitor?.spec).toMatchObject({ endpoints: [{ port: 'http' }] });
  });

  it('a rate limit counts by address, host or header', () => {
    const [depth, host, header] = synthesize((scope) => {
      const limit = { name: 'limit', average: 1 };
      new RateLimit(scope, 'a', { ...limit, source: { forwardedDepth: 2 } });
      new RateLimit(scope, 'b', { ...limit, source: { host: true } });
      new RateLimit(scope, 'c', { ...limit, source: { header: 'X-Key' } });
    });
    expect([depth, host, header].map((one) => one?.spec)).toEqual([
      { rateLimit: { average: 1, sourceCriterion: { ipStrategy: { depth: 2 } } } },
      { rateLimit: { average: 1, sourceCriterion: { requestHost: true } } },
      { rateLimit: { average: 1, sourceCriterion: { requestHeaderName: 'X-Key' } } },
    ]);
  });

  it('an ephemeral claim keeps its size', () => {
    const [deployment] = synthesize((scope) => {
      new Worker(scope, 'a', { ...SHOP, mounts: [Volume.ephemeral('work', { size: '5Gi' }).mountAt('/work')] });
    });
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            volumes: [
              {
                name: 'work',
                ephemeral: {
                  volumeClaimTemplate: {
                    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
                  },
                },
              },
            ],
          },
        },
      },
    });
  });

  it.each<[string, Parameters<typeof building>[0], RegExp]>([
    [
      'a pod label against the selector',
      (scope) => new Worker(scope, 'a', { ...SHOP, selector: { tier: 'web' }, podLabels: { tier: 'api' } }),
      /label tier of pods must be "web"/,
    ],
    ['a selector without labels', (scope) => new Worker(scope, 'a', { ...SHOP, selector: {} }), /at least one label/],
    [
      'a surge with Recreate',
      (scope) => new Deployment(scope, 'a', { name: 'shop', pod, strategy: 'Recreate', maxSurge: 1 }),
      /deployment shop has the strategy Recreate/,
    ],
    [
      'a share that is none',
      (scope) => new DaemonSet(scope, 'a', { ...SHOP, maxUnavailable: 'half' }),
      /maxUnavailable of shop is neither a number nor a percentage such as 50%: "half"/,
    ],
    [
      'two kinds in one middleware',
      (scope) =>
        new Middleware(scope, 'a', { name: 'two', spec: { retry: { attempts: 1 }, addPrefix: { prefix: '/a' } } }),
      /middleware two must be of exactly one kind: "retry, addPrefix"/,
    ],
    [
      'a whole match and a host',
      (scope) =>
        new IngressRoute(scope, 'a', {
          name: 'shop',
          rules: [{ match: 'Host(`a`)', host: 'a', backend: { name: 'shop', port: 80 } }],
        }),
      /has match, which says all, and host as well/,
    ],
    [
      'a rule without a host',
      (scope) => new IngressRoute(scope, 'a', { name: 'shop', rules: [{ backend: { name: 'shop', port: 80 } }] }),
      /route rule has no host/,
    ],
    [
      'an account without a namespace in a cluster binding',
      (scope) =>
        new ClusterRoleBinding(scope, 'a', {
          name: 'view',
          role: { kind: 'ClusterRole', name: 'view' },
          subjects: [{ name: 'shop' }],
        }),
      /cluster role binding view must say the namespace of ServiceAccount "shop"/,
    ],
    [
      'a TCP host without TLS',
      (scope) =>
        new TcpRoute(scope, 'a', { name: 'db', entryPoints: ['db'], host: 'a', backend: { name: 'db', port: 1 } }),
      /TCP route db cannot know the host "a" without TLS/,
    ],
    [
      'an autoscaler without a target',
      (scope) => new HorizontalPodAutoscaler(scope, 'a', { name: 'shop', min: 1, max: 2, cpuPercent: 50 }),
      /autoscaler shop needs a deployment or a statefulSet/,
    ],
    [
      'a volume of two sources',
      (scope) =>
        new PersistentVolume(scope, 'a', {
          name: 'pv',
          size: '1Gi',
          source: { nfs: { server: 'nas', path: '/a' }, hostPath: { path: '/a' } },
        }),
      /volume pv must have exactly one source: "nfs, hostPath"/,
    ],
    [
      'two ways to say the TLS of an Ingress',
      (scope) => new Ingress(scope, 'a', { name: 'shop', rules: [], tlsSecret: 'a', tls: [] }),
      /ingress shop has both tls and tlsSecret/,
    ],
    [
      'a monitor without a port',
      (scope) => new ServiceMonitor(scope, 'a', { name: 'shop', app: 'shop' }),
      /each port of service monitor shop needs a portName or a targetPort/,
    ],
    [
      'a policy for a name that is no port',
      (scope) => new NetworkPolicy(scope, 'a', { name: 'shop', ingress: [{ ports: [{ port: 'a port' }] }] }),
      /port of network policy is not a DNS label/,
    ],
  ])('%s is refused with the name of its object', (_, build, message) => {
    expect(building(build)).toThrow(message);
  });
});
