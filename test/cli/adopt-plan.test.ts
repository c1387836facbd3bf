import { describe, expect, it } from 'vitest';
import { obstaclesOf, planAdoption } from '../../src/cli/adopt-plan.js';
import type { ObjectObservation } from '../../src/cluster/port.js';

const seen = (
  kind: string,
  drift: readonly string[],
  more: Partial<Pick<ObjectObservation, 'state' | 'problem' | 'driftManager'>> = {},
): ObjectObservation => ({
  ref: { apiVersion: 'v1', kind, namespace: 'web', name: 'x' },
  state: 'drifted',
  drift,
  health: { status: 'Healthy' },
  ...more,
});

const TABLE: readonly (readonly [string, ObjectObservation, string])[] = [
  ['an equal object', seen('Service', [], { state: 'synced' }), 'nothing'],
  ['an absent object', seen('Service', [], { state: 'missing' }), 'creates'],
  ['an object that cannot be looked at', seen('Thing', [], { state: 'unknown', problem: 'no such kind' }), 'unknown'],
  ['a change that the API server refuses', seen('Job', ['/spec/template'], { problem: 'immutable' }), 'refused'],
  ['labels', seen('Deployment', ['/metadata/labels/a', '/metadata/annotations']), 'metadata'],
  ['an owner', seen('Deployment', ['/metadata/labels/a', '/metadata/ownerReferences']), 'changes'],
  ['a pod template', seen('Deployment', ['/metadata/labels/a', '/spec/template/spec/containers/0/image']), 'restarts'],
  ['labels of pods', seen('StatefulSet', ['/spec/template/metadata/labels']), 'restarts'],
  ['the number of pods', seen('Deployment', ['/spec/replicas']), 'restarts'],
  ['how many old versions are kept', seen('Deployment', ['/spec/revisionHistoryLimit']), 'changes'],
  [
    'the template of future jobs',
    seen('CronJob', ['/spec/jobTemplate/spec/template/spec/containers/0/image']),
    'changes',
  ],
  ['values of a Helm chart', seen('HelmChart', ['/spec/valuesContent']), 'restarts'],
  ['a key of a ConfigMap', seen('ConfigMap', ['/data/a']), 'changes'],
];

describe('cli/adopt-plan', () => {
  it.each(TABLE)('%s', (_what, object, effect) => {
    expect(planAdoption('web', [object]).map((step) => step.effect)).toEqual([effect]);
  });

  it('tells fields and who wrote them', () => {
    expect(planAdoption('web', [seen('Service', ['/spec/type'], { driftManager: 'kubectl' })])).toEqual([
      {
        app: 'web',
        ref: { apiVersion: 'v1', kind: 'Service', namespace: 'web', name: 'x' },
        effect: 'changes',
        fields: ['/spec/type'],
        writer: 'kubectl',
      },
    ]);
  });

  it('is held up by restarts unless they are allowed, and always by what cannot be done', () => {
    const steps = planAdoption('web', [
      seen('ConfigMap', ['/data/a']),
      seen('Deployment', ['/spec/template']),
      seen('Job', ['/spec/template'], { problem: 'immutable' }),
    ]);
    expect(obstaclesOf(steps, false).map(({ ref }) => ref.kind)).toEqual(['Deployment', 'Job']);
    expect(obstaclesOf(steps, true).map(({ ref }) => ref.kind)).toEqual(['Job']);
  });
});
