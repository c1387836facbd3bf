import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../src/app/desired-state.js';
import { newestBuild, type PullSecret } from '../../src/app/image-policy.js';
import { leastPrivilege } from '../../src/app/least-privilege.js';
import type { Manifest } from '../../src/app/manifest.js';

const object = (apiVersion: string, kind: string, namespace?: string, more: object = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...(namespace !== undefined && { namespace }) },
  ...more,
});

function rulesOf(
  objects: readonly Manifest[],
  { createNamespace = false, images = [] }: { createNamespace?: boolean; images?: DesiredApp['images'] } = {},
): Record<string, unknown> {
  const sync = { automated: true, prune: true, selfHeal: true, createNamespace };
  const app: DesiredApp = { name: 'a', namespace: 'home', sync, images, objects };
  const made = leastPrivilege([app], { name: 'driver', namespace: 'prodesk' });
  const roles = made.filter(({ kind }) => kind.endsWith('Role'));
  return Object.fromEntries(roles.map(({ kind, metadata, rules }) => [`${kind} ${metadata.namespace ?? ''}`, rules]));
}

const PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };

describe('app/least-privilege', () => {
  it('kinds are seen everywhere, and changed only where their objects are', () => {
    const objects = [
      object('apps/v1', 'Deployment', 'home'),
      object('v1', 'ConfigMap', 'home'),
      object('v1', 'ConfigMap', 'work'),
    ];
    expect(rulesOf(objects)).toEqual({
      'ClusterRole ': [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
      ],
      'Role home': [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch', 'delete'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch', 'delete'] },
        PODS,
      ],
      'Role work': [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch', 'delete'] }, PODS],
    });
  });

  it('objects without a namespace are changed by the ClusterRole', () => {
    expect(rulesOf([object('v1', 'PersistentVolume')])).toEqual({
      'ClusterRole ': [
        { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['create', 'patch', 'delete'] },
      ],
    });
  });

  it('namespaces are made only where an application asks for it, and never deleted', () => {
    const rule = { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'create', 'patch'] };
    expect(rulesOf([], { createNamespace: true })).toEqual({ 'ClusterRole ': [rule] });
    expect(rulesOf([])).toEqual({ 'ClusterRole ': [] });
  });

  it('of pull secrets those that policies name can be read, and no other', () => {
    const policy = (pullSecret: PullSecret) => newestBuild('ghcr.io/acme/web', { pullSecret });
    const images = [policy('ghcr-pull'), policy({ name: 'shared', namespace: 'infra' }), policy({ config: 'PULL' })];
    const rule = { apiGroups: [''], resources: ['secrets'], resourceNames: ['ghcr-pull', 'shared'], verbs: ['get'] };
    expect(rulesOf([], { images })).toEqual({ 'ClusterRole ': [rule] });
  });

  it.each([
    ['Role', 'escalate'],
    ['RoleBinding', 'bind'],
  ])('a %s needs the right to %s, which nothing else gets', (kind, verb) => {
    expect(JSON.stringify(rulesOf([object('rbac.authorization.k8s.io/v1', kind, 'home')]))).toContain(`"${verb}"`);
    expect(JSON.stringify(rulesOf([object('v1', 'Secret', 'home')]))).not.toContain(`"${verb}"`);
  });

  it.each([
    ['networking.k8s.io/v1', 'Ingress', 'ingresses'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'],
    ['v1', 'Endpoints', 'endpoints'],
    ['discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'],
    ['storage.k8s.io/v1', 'StorageClass', 'storageclasses'],
    ['gateway.networking.k8s.io/v1', 'Gateway', 'gateways'],
    ['traefik.io/v1alpha1', 'IngressRoute', 'ingressroutes'],
    ['example.com/v1', 'Oddity', 'odds'],
  ])('%s %s is %s', (apiVersion, kind, resource) => {
    const spec = { group: 'example.com', names: { kind: 'Oddity', plural: 'odds' } };
    const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', undefined, { spec });
    expect(JSON.stringify(rulesOf([object(apiVersion, kind, 'home'), definition]))).toContain(`"${resource}"`);
  });

  it('the roles are given to the ServiceAccount alone', () => {
    const sync = { automated: true, prune: true, selfHeal: true, createNamespace: false };
    const objects = [object('v1', 'Secret', 'home')];
    const made = leastPrivilege([{ name: 'a', namespace: 'home', sync, images: [], objects }], {
      name: 'driver',
      namespace: 'prodesk',
    });
    expect(made.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['ServiceAccount', 'prodesk'],
      ['ClusterRole', undefined],
      ['ClusterRoleBinding', undefined],
      ['Role', 'home'],
      ['RoleBinding', 'home'],
    ]);
    for (const { subjects } of made.filter(({ kind }) => kind.endsWith('Binding'))) {
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'driver', namespace: 'prodesk' }]);
    }
  });
});
