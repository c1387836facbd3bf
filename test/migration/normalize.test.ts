import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/index.js';
import { differencesOf } from '../../src/migration/compare.js';
import { normalize } from '../../src/migration/normalize.js';

const object = (apiVersion: string, kind: string, fields: object): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...fields,
});
const pod = (spec: object): Manifest => object('v1', 'Pod', { spec });
const container = (fields: object): Manifest => pod({ containers: [{ name: 'x', image: 'x:1', ...fields }] });

const inShop = (manifest: Manifest): Manifest => ({ ...manifest, metadata: { name: 'x', namespace: 'shop' } });
const route = (fields: object): Manifest =>
  inShop(object('traefik.io/v1alpha1', 'IngressRoute', { spec: { routes: [{ match: 'x', ...fields }] } }));
const policy = (spec: object): Manifest => object('networking.k8s.io/v1', 'NetworkPolicy', { spec });
const subjects = (...list: readonly object[]): Manifest =>
  inShop(object('rbac.authorization.k8s.io/v1', 'RoleBinding', { subjects: list }));

const EQUAL: readonly (readonly [string, Manifest, Manifest])[] = [
  [
    'a route that names its own namespace and the usual kinds',
    route({
      kind: 'Rule',
      services: [{ name: 'a', kind: 'Service', namespace: 'shop' }],
      middlewares: [{ name: 'm', namespace: 'shop' }],
    }),
    route({ services: [{ name: 'a' }], middlewares: [{ name: 'm' }] }),
  ],
  [
    'a policy that names the types that follow from it',
    policy({ policyTypes: ['Egress', 'Ingress'], ingress: [], egress: [{ ports: [{ port: 1, protocol: 'TCP' }] }] }),
    policy({ egress: [{ ports: [{ port: 1 }] }] }),
  ],
  ['a subject of the own namespace', subjects({ name: 'a', namespace: 'shop' }), subjects({ name: 'a' })],
  [
    'a redirect that is not permanent',
    object('traefik.io/v1alpha1', 'Middleware', { spec: { redirectScheme: { permanent: false } } }),
    object('traefik.io/v1alpha1', 'Middleware', { spec: { redirectScheme: {} } }),
  ],
  [
    'a Service with the API default',
    object('v1', 'Service', { spec: { type: 'ClusterIP' } }),
    object('v1', 'Service', { spec: {} }),
  ],
  [
    'a target port that is the port',
    object('v1', 'Service', { spec: { ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] } }),
    object('v1', 'Service', { spec: { ports: [{ port: 80 }] } }),
  ],
  [
    'one replica',
    object('apps/v1', 'Deployment', { spec: { replicas: 1 } }),
    object('apps/v1', 'Deployment', { spec: {} }),
  ],
  [
    'a rolling update',
    object('apps/v1', 'Deployment', { spec: { strategy: { type: 'RollingUpdate' } } }),
    object('apps/v1', 'Deployment', { spec: {} }),
  ],
  [
    'half a core',
    container({ resources: { limits: { cpu: '0.5' } } }),
    container({ resources: { limits: { cpu: '500m' } } }),
  ],
  [
    'a gibibyte',
    container({ resources: { limits: { memory: '1Gi' } } }),
    container({ resources: { limits: { memory: '1024Mi' } } }),
  ],
  ['a probe with defaults', container({ livenessProbe: { periodSeconds: 10 } }), container({ livenessProbe: {} })],
  ['the usual pull policy', container({ imagePullPolicy: 'IfNotPresent' }), container({})],
  ['an empty variable', container({ env: [{ name: 'A', value: '' }] }), container({ env: [{ name: 'A' }] })],
  [
    'volumes in another order',
    pod({
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', configMap: { name: 'c', defaultMode: 420 } },
      ],
    }),
    pod({
      volumes: [
        { name: 'b', configMap: { name: 'c' } },
        { name: 'a', emptyDir: {} },
      ],
    }),
  ],
  [
    'a Secret as text and as base64',
    object('v1', 'Secret', { stringData: { a: 'value' } }),
    object('v1', 'Secret', { type: 'Opaque', data: { a: 'dmFs\ndWU=' } }),
  ],
  ['a field that is null', object('v1', 'ConfigMap', { data: null }), object('v1', 'ConfigMap', {})],
  [
    'Helm values in another layout',
    object('helm.cattle.io/v1', 'HelmChart', { spec: { valuesContent: 'a: {b: 1} # why' } }),
    object('helm.cattle.io/v1', 'HelmChart', { spec: { valuesContent: 'a:\n  b: 1\n' } }),
  ],
];

const DIFFERENT: readonly (readonly [string, Manifest, Manifest, string])[] = [
  [
    'another pull policy',
    container({ imagePullPolicy: 'Always' }),
    container({}),
    'spec.containers[0].imagePullPolicy',
  ],
  [
    'more memory',
    container({ resources: { limits: { memory: '1G' } } }),
    container({ resources: { limits: { memory: '1Gi' } } }),
    'spec.containers[0].resources.limits.memory',
  ],
  [
    'containers in another order',
    pod({ containers: [{ name: 'a' }, { name: 'b' }] }),
    pod({ containers: [{ name: 'b' }, { name: 'a' }] }),
    'spec.containers[0].name',
  ],
  [
    'a middleware of another namespace',
    route({ middlewares: [{ name: 'm', namespace: 'other' }] }),
    route({ middlewares: [{ name: 'm' }] }),
    'spec.routes[0].middlewares[0].namespace',
  ],
  ['no egress', policy({ policyTypes: ['Ingress', 'Egress'] }), policy({}), 'spec.egress'],
  [
    'a subject of another namespace',
    subjects({ name: 'a', namespace: 'other' }),
    subjects({ name: 'a' }),
    'subjects[0].namespace',
  ],
  [
    'an empty selector',
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: {} }),
    'spec.podSelector',
  ],
  [
    'null in a custom resource',
    object('example.com/v1', 'Thing', { spec: { a: null } }),
    object('example.com/v1', 'Thing', { spec: {} }),
    'spec.a',
  ],
  [
    'a key with a dot',
    object('v1', 'ConfigMap', { data: { 'a.b': '1' } }),
    object('v1', 'ConfigMap', { data: {} }),
    'data',
  ],
  [
    'no replicas',
    object('apps/v1', 'Deployment', { spec: { replicas: 0 } }),
    object('apps/v1', 'Deployment', { spec: {} }),
    'spec.replicas',
  ],
];

describe('migration/normalize', () => {
  it.each(EQUAL)('takes %s for the same', (_what, one, other) => {
    expect(differencesOf(normalize(one), normalize(other))).toEqual([]);
  });

  it.each(DIFFERENT)('sees %s', (_what, one, other, path) => {
    expect(differencesOf(normalize(one), normalize(other))[0]).toBe(path);
  });
});
