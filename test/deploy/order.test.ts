import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { groupObjects } from '../../src/deploy/order.js';

function object(apiVersion: string, kind: string, name = 'x'): Manifest {
  return { apiVersion, kind, metadata: { name } };
}

describe('deploy/order', () => {
  it.each([
    ['a Namespace', object('v1', 'Namespace'), 'foundation'],
    ['a CRD', object('apiextensions.k8s.io/v1', 'CustomResourceDefinition'), 'foundation'],
    ['a ConfigMap', object('v1', 'ConfigMap'), 'configuration'],
    ['a Secret', object('v1', 'Secret'), 'configuration'],
    ['a PersistentVolumeClaim', object('v1', 'PersistentVolumeClaim'), 'configuration'],
    ['a RoleBinding', object('rbac.authorization.k8s.io/v1', 'RoleBinding'), 'configuration'],
    ['a Service', object('v1', 'Service'), 'others'],
    ['an IngressRoute', object('traefik.io/v1alpha1', 'IngressRoute'), 'others'],
    ['a custom kind that is called Secret', object('example.com/v1', 'Secret'), 'others'],
    ['a Deployment', object('apps/v1', 'Deployment'), 'workloads'],
    ['a CronJob', object('batch/v1', 'CronJob'), 'workloads'],
    ['a Pod', object('v1', 'Pod'), 'workloads'],
  ] as const)('%s is in its group, and in no other', (_name, manifest, group) => {
    const groups = groupObjects([manifest]);
    expect(Object.entries(groups).filter(([, objects]) => (objects as readonly Manifest[]).length > 0)).toEqual([
      [group, [manifest]],
    ]);
  });

  it('objects of one group keep their order', () => {
    const objects = [object('v1', 'Secret', 'b'), object('v1', 'Service', 'c'), object('v1', 'ConfigMap', 'a')];
    expect(groupObjects(objects).configuration.map(({ metadata }) => metadata.name)).toEqual(['b', 'a']);
  });
});
