import { describe, expect, it } from 'vitest';
import { syncPolicyOf } from '../../../src/app/sync-policy.js';
import { app, clusterObject, found, object } from './revision.js';

const elsewhere = (name: string) => ({ ...object('Secret', name), metadata: { name, namespace: 'other' } });
const ONE = app('a', [elsewhere('s'), elsewhere('t')]);
const CHART = { chart: 'x', targetNamespace: 'other' };

describe('app/checks/missing-namespace', () => {
  it('a namespace that nobody makes is said once', () => {
    expect(found('missing-namespace', ONE)).toEqual(['error: a: Secret other/s metadata.namespace']);
  });

  it.each([
    ['that of another application', [ONE, app('b', [], { namespace: 'other' })]],
    [
      'that of an application that says it is there',
      [ONE, app('b', [], { namespace: 'other', sync: syncPolicyOf({ createNamespace: false }) })],
    ],
    ['one that an application makes', [ONE, app('b', [clusterObject('Namespace', 'other')])]],
    [
      'one that a chart makes',
      [ONE, app('b', [object('HelmChart', 'c', { spec: { ...CHART, createNamespace: true } }, 'helm.cattle.io/v1')])],
    ],
    ['one that is said to be outside', [{ ...ONE, outside: [{ kind: 'Namespace', name: 'other' } as const] }]],
    [
      'one that every cluster has',
      [app('a', [{ ...object('Secret', 's'), metadata: { name: 's', namespace: 'kube-system' } }])],
    ],
  ])('%s is fine', (_what, apps) => {
    expect(found('missing-namespace', ...apps)).toEqual([]);
  });
});
