import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { inStageOrder, stageOf, stagesBefore } from '../../src/deploy/order.js';

function object(apiVersion: string, kind: string, name = 'x'): Manifest {
  return { apiVersion, kind, metadata: { name } };
}

describe('deploy/order', () => {
  it.each([
    ['a Namespace', object('v1', 'Namespace'), 0, []],
    ['a CRD', object('apiextensions.k8s.io/v1', 'CustomResourceDefinition'), 0, []],
    ['a ConfigMap', object('v1', 'ConfigMap'), 1, [0]],
    ['a Secret', object('v1', 'Secret'), 1, [0]],
    ['a PersistentVolumeClaim', object('v1', 'PersistentVolumeClaim'), 1, [0]],
    ['a RoleBinding', object('rbac.authorization.k8s.io/v1', 'RoleBinding'), 1, [0]],
    ['a Service, which nothing has to precede', object('v1', 'Service'), 2, [0]],
    ['an IngressRoute', object('traefik.io/v1alpha1', 'IngressRoute'), 2, [0]],
    ['a Deployment, whose pods read configuration', object('apps/v1', 'Deployment'), 2, [0, 1]],
    ['a CronJob', object('batch/v1', 'CronJob'), 2, [0, 1]],
    ['a Pod', object('v1', 'Pod'), 2, [0, 1]],
    ['a custom kind that is called Secret', object('example.com/v1', 'Secret'), 2, [0]],
  ])('%s has its stage', (_rule, manifest, stage, before) => {
    expect(stageOf(manifest)).toBe(stage);
    expect(stagesBefore(manifest)).toEqual(before);
  });

  it('objects of one stage keep their order', () => {
    const objects = [
      object('apps/v1', 'Deployment', 'a'),
      object('v1', 'ConfigMap', 'b'),
      object('v1', 'Service', 'c'),
      object('v1', 'Namespace', 'd'),
      object('v1', 'Secret', 'e'),
    ];
    expect(inStageOrder(objects).map(({ metadata }) => metadata.name)).toEqual(['d', 'b', 'e', 'a', 'c']);
  });
});
