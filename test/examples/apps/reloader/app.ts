import { defineApp } from '../../../../src/app/index.js';
import {
  ApiObject,
  ClusterRole,
  ClusterRoleBinding,
  fromField,
  fromResource,
  Namespace,
  NetworkPolicy,
  restricted,
  Role,
  RoleBinding,
  ServiceAccount,
  Worker,
} from '../../../../src/constructs/index.js';

/** A controller with rights in the cluster and in another namespace, in a namespace that lets nobody else in. */
export const app = defineApp({
  namespace: 'reloader',
  build(scope, context) {
    const { namespace } = context;
    new Namespace(scope, 'namespace', {
      name: namespace,
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
    const account = new ServiceAccount(scope, 'account', {
      name: 'reloader',
      annotations: { note: 'watches everything' },
    });
    const subjects = [{ name: account.name, namespace }];
    const role = new ClusterRole(scope, 'role', {
      name: 'reloader',
      labels: { app: 'reloader' },
      rules: [
        { resources: ['secrets', 'configmaps'], verbs: ['list', 'get', 'watch'] },
        {
          groups: ['apps'],
          resources: ['deployments', 'daemonsets', 'statefulsets'],
          verbs: ['list', 'get', 'update', 'patch'],
        },
        { resources: ['configmaps'], names: ['reloader-lock'], verbs: ['update'] },
        { urls: ['/metrics'], verbs: ['get'] },
      ],
    });
    new ClusterRoleBinding(scope, 'binding', { name: 'reloader', role, subjects });
    const leases = new Role(scope, 'leases', {
      name: 'reloader-leases',
      namespace: 'kube-system',
      rules: [{ groups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] }],
    });
    new RoleBinding(scope, 'leases-binding', {
      name: 'reloader-leases',
      namespace: 'kube-system',
      role: leases,
      subjects,
    });
    new ClusterRoleBinding(scope, 'view', {
      name: 'reloader-view',
      role: { kind: 'ClusterRole', name: 'view' },
      subjects,
    });
    new Worker(scope, 'reloader', {
      name: 'reloader',
      image: 'ghcr.io/stakater/reloader:v1.1.0',
      args: ['--log-format=json', '--leader-elect'],
      serviceAccount: account,
      port: { name: 'http', port: 9090 },
      environment: [
        fromField('POD_NAMESPACE', 'metadata.namespace'),
        fromResource('GOMAXPROCS', 'limits.cpu'),
        fromResource('GOMEMLIMIT', 'limits.memory'),
      ],
      resources: { limits: { cpu: '1', memory: '128Mi' } },
      probes: { liveness: { httpPath: '/live', port: 'http', timeoutSeconds: 5 } },
      security: { ...restricted, readOnlyRootFilesystem: true },
    });
    new NetworkPolicy(scope, 'deny', { name: 'default-deny', ingress: 'none', egress: 'none' });
    new NetworkPolicy(scope, 'policy', {
      name: 'reloader',
      app: 'reloader',
      ingress: [
        {
          peers: [{ namespace: 'monitoring', app: { 'app.kubernetes.io/name': 'prometheus' } }],
          ports: [{ protocol: 'TCP', port: 'http' }],
        },
      ],
      egress: [
        { peers: [{ addresses: '0.0.0.0/0', except: ['10.0.0.0/8'] }], ports: [443] },
        { peers: [{ namespace: {}, app: { 'k8s-app': 'kube-dns' } }], ports: [{ protocol: 'UDP', port: 53 }, 53] },
      ],
    });
    new ApiObject(scope, 'quota', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota' },
      spec: { hard: { 'requests.cpu': '2', pods: '10' } },
    });
    new ApiObject(scope, 'limits', {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'limits' },
      spec: {
        limits: [{ type: 'Container', default: { memory: '256Mi' }, defaultRequest: { cpu: '50m', memory: '64Mi' } }],
      },
    });
  },
});
