import { describe, expect, it } from 'vitest';
import {
  Claim,
  ExternalService,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  ServiceAccount,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

describe('constructs/service-account', () => {
  it('rights of its namespace are a Role and a binding of its name', () => {
    const rules = [{ resources: ['pods', 'pods/log'], verbs: ['get'] }];
    const objects = synthesize((scope) => new ServiceAccount(scope, 's', { name: 'robot', rules, mountToken: false }));
    expect(objects).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'robot' },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'robot' },
        rules: [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'robot' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'robot' },
        subjects: [{ kind: 'ServiceAccount', name: 'robot' }],
      },
    ]);
  });

  it('rights of the cluster name the namespace', () => {
    const clusterRules = [{ groups: ['apps'], resources: ['deployments'], verbs: ['list'], names: ['a'] }];
    const [, role, binding] = synthesize(
      (scope) => new ServiceAccount(scope, 's', { name: 'robot', namespace: 'shop', clusterRules }),
    );
    expect(role).toMatchObject({
      kind: 'ClusterRole',
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'], resourceNames: ['a'] }],
    });
    expect(binding?.subjects).toEqual([{ kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }]);
    expect(building((scope) => new ServiceAccount(scope, 's', { name: 'robot', clusterRules }))).toThrow('namespace');
  });
});

describe('constructs/horizontal-pod-autoscaler', () => {
  const props = { name: 'shop', deployment: 'shop', min: 1, max: 5 };

  it('aims at shares of the requests', () => {
    const [autoscaler] = synthesize((scope) => new HorizontalPodAutoscaler(scope, 'h', { ...props, cpuPercent: 80 }));
    expect(autoscaler).toEqual({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    });
  });

  it.each([
    ['nothing to look at', {}, 'cpuPercent'],
    ['more at least than at most', { min: 6, cpuPercent: 80 }, '"6"'],
  ])('%s is refused', (_what, more, text) => {
    expect(building((scope) => new HorizontalPodAutoscaler(scope, 'h', { ...props, ...more }))).toThrow(text);
  });
});

describe('constructs/pod-disruption-budget', () => {
  it.each([
    [{ minAvailable: 1 }, { minAvailable: 1 }],
    [{ maxUnavailable: '50%' }, { maxUnavailable: '50%' }],
  ])('%j', (share, expected) => {
    const [budget] = synthesize(
      (scope) => new PodDisruptionBudget(scope, 'p', { name: 'shop', app: 'shop', ...share }),
    );
    expect(budget?.spec).toEqual({ ...expected, selector: { matchLabels: { app: 'shop' } } });
  });

  it('a share that is none is refused', () => {
    const props = { name: 'p', app: 'p', minAvailable: 'half' };
    expect(building((scope) => new PodDisruptionBudget(scope, 'p', props))).toThrow('"half"');
  });
});

describe('constructs/network-policy', () => {
  it('lets named peers in, and only to some places out', () => {
    const [policy] = synthesize(
      (scope) =>
        new NetworkPolicy(scope, 'n', {
          name: 'mysql',
          app: 'mysql',
          ingress: [{ peers: [{ app: 'shop' }, { namespace: 'monitoring' }], ports: [3306] }],
          egress: [
            { peers: [{ namespace: 'kube-system', app: 'dns' }], ports: [{ port: 53, protocol: 'UDP' }] },
            { peers: [{ addresses: '0.0.0.0/0', except: ['10.0.0.0/8'] }] },
          ],
        }),
    );
    expect(policy?.spec).toEqual({
      podSelector: { matchLabels: { app: 'mysql' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'shop' } } },
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
          ],
          ports: [{ port: 3306, protocol: 'TCP' }],
        },
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { app: 'dns' } },
            },
          ],
          ports: [{ port: 53, protocol: 'UDP' }],
        },
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] },
      ],
    });
  });

  it('an empty list closes everything, and no list at all is refused', () => {
    const [closed] = synthesize((scope) => new NetworkPolicy(scope, 'n', { name: 'closed', ingress: [] }));
    expect(closed?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress'], ingress: [] });
    expect(building((scope) => new NetworkPolicy(scope, 'n', { name: 'open' }))).toThrow('says nothing');
  });
});

describe('constructs/ingress', () => {
  it('one certificate serves all hosts', () => {
    const backend = { name: 'shop', port: 80 };
    const rules = [
      { host: 'a.example.com', backend },
      { host: 'a.example.com', path: '/b', backend: { ...backend, port: 'http' } },
    ];
    const [ingress] = synthesize(
      (scope) => new Ingress(scope, 'i', { name: 'shop', ingressClass: 'nginx', tlsSecret: 'cert', rules }),
    );
    const service = { service: { name: 'shop', port: { number: 80 } } };
    expect(ingress?.spec).toEqual({
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'a.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: service },
              { path: '/b', pathType: 'Prefix', backend: { service: { name: 'shop', port: { name: 'http' } } } },
            ],
          },
        },
      ],
      tls: [{ hosts: ['a.example.com'], secretName: 'cert' }],
    });
  });
});

describe('constructs/pod-monitor', () => {
  it('finds pods by their label and their port by its name', () => {
    const props = { name: 'queue', app: 'queue', portName: 'metrics' };
    expect(synthesize((scope) => new PodMonitor(scope, 'p', props))[0]?.spec).toEqual({
      selector: { matchLabels: { app: 'queue' } },
      podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
    });
  });
});

describe('constructs/prometheus-rule', () => {
  it('holds alerts and recordings in groups', () => {
    const groups = {
      shop: [
        { alert: 'Down', expr: 'up == 0', for: '5m', labels: { severity: 'page' }, annotations: { summary: 's' } },
        { record: 'shop:rate', expr: 'rate(x[5m])' },
      ],
    };
    const [rule] = synthesize(
      (scope) => new PrometheusRule(scope, 'r', { name: 'r', labels: { release: 'm' }, groups }),
    );
    expect(rule?.metadata.labels).toEqual({ release: 'm' });
    expect(rule?.spec).toEqual({ groups: [{ name: 'shop', rules: groups.shop }] });
  });
});

describe('constructs/claim', () => {
  it('takes a volume of a class', () => {
    const [claim] = synthesize(
      (scope) => new Claim(scope, 'c', { name: 'c', size: '1Gi', storageClass: 'local-path' }),
    );
    expect(claim?.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local-path',
      resources: { requests: { storage: '1Gi' } },
    });
  });
});

describe('constructs/external-service by EndpointSlice', () => {
  const slice = (address: string | string[]) =>
    synthesize((scope) => new ExternalService(scope, 's', { name: 's', port: 80, address, via: 'EndpointSlice' }))[1];

  it('several addresses are in one slice of the Service', () => {
    expect(slice(['192.0.2.7', '192.0.2.8'])).toEqual({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', labels: { 'kubernetes.io/service-name': 's' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.0.2.7', '192.0.2.8'] }],
      ports: [{ port: 80 }],
    });
  });

  it.each([
    ['no address', [], 'no address'],
    ['addresses of both versions', ['192.0.2.7', '2001:db8::1'], '2001:db8::1'],
  ])('%s is refused', (_what, addresses, text) => {
    expect(() => slice(addresses)).toThrow(text);
  });
});
