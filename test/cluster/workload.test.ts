import { describe, expect, it } from 'vitest';
import { findPodSelection, selectorOf } from '../../src/cluster/workload.js';

const labels = { app: 'news' };
const live = (status: object, metadata: object = {}) => ({
  metadata: { name: 'news', namespace: 'prodesk', generation: 2, ...metadata },
  spec: { selector: { matchLabels: labels } },
  status: { observedGeneration: 2, ...status },
});
const ref = (kind: string) => ({ apiVersion: 'apps/v1', kind, namespace: 'prodesk', name: 'news' });
const progressing = {
  conditions: [{ type: 'Progressing', status: 'True', message: 'ReplicaSet "news-7c9" is progressing.' }],
};

describe('cluster/workload', () => {
  it.each<[rule: string, kind: string, object: ReturnType<typeof live>, current: object, old: object]>([
    [
      'the newest replica set of a Deployment',
      'Deployment',
      live(progressing),
      { 'pod-template-hash': '7c9' },
      { 'pod-template-hash': '5b1' },
    ],
    [
      'the update revision of a StatefulSet',
      'StatefulSet',
      live({ updateRevision: 'r2' }),
      { 'controller-revision-hash': 'r2' },
      { 'controller-revision-hash': 'r1' },
    ],
    [
      'the template generation of a DaemonSet',
      'DaemonSet',
      live({}, { annotations: { 'deprecated.daemonset.template.generation': '3' } }),
      { 'pod-template-generation': '3' },
      { 'pod-template-generation': '2' },
    ],
  ])('%s tells the pods of the current rollout', (_rule, kind, object, current, old) => {
    const selection = findPodSelection(object, ref(kind));
    expect(selection?.namespace).toBe('prodesk');
    expect(selection?.matches({ ...labels, ...current })).toBe(true);
    expect(selection?.matches({ ...labels, ...old })).toBe(false);
    expect(selection?.matches({ app: 'other', ...current })).toBe(false);
  });

  it('a Deployment that does not name its replica set takes all its pods', () => {
    expect(findPodSelection(live({}), ref('Deployment'))?.matches({ ...labels, 'pod-template-hash': '5b1' })).toBe(
      true,
    );
  });

  it('a workload whose change was not seen yet has no current pods', () => {
    expect(findPodSelection(live({ observedGeneration: 1 }), ref('Deployment'))).toBeUndefined();
  });

  it('a Job has its pods from the beginning', () => {
    const { status: _, ...job } = live({});
    const selection = findPodSelection(job, { ...ref('Job'), apiVersion: 'batch/v1' });
    expect(selection?.matches(labels)).toBe(true);
    expect(selection?.matches({ app: 'other' })).toBe(false);
  });

  it('another kind has no pods', () => {
    expect(findPodSelection(live({}), ref('ReplicaSet'))).toBeUndefined();
  });

  it.each<[operator: string, values: string[], labels: Record<string, string>, isMatch: boolean]>([
    ['In', ['a', 'b'], { tier: 'a' }, true],
    ['In', ['a', 'b'], {}, false],
    ['NotIn', ['a'], { tier: 'b' }, true],
    ['NotIn', ['a'], {}, true],
    ['NotIn', ['a'], { tier: 'a' }, false],
    ['Exists', [], { tier: 'a' }, true],
    ['Exists', [], {}, false],
    ['DoesNotExist', [], {}, true],
    ['Unheard', [], { tier: 'a' }, false],
  ])('tier %s %j matches %j: %j', (operator, values, given, isMatch) => {
    expect(selectorOf({ matchExpressions: [{ key: 'tier', operator, values }] })(given)).toBe(isMatch);
  });
});
