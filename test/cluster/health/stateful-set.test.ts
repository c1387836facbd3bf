import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, spec: object, status: object | undefined, expected: HealthStatus];
const seen = { observedGeneration: 3 };

describe('cluster/health/stateful-set', () => {
  const ready = { ...seen, readyReplicas: 2, updatedReplicas: 2, currentRevision: 'x-1', updateRevision: 'x-1' };
  it.each<Row>([
    ['ready on one revision is Healthy', { replicas: 2 }, ready, 'Healthy'],
    ['not observed yet is Progressing', { replicas: 2 }, { readyReplicas: 2 }, 'Progressing'],
    ['an old observed generation is Progressing', { replicas: 2 }, { ...ready, observedGeneration: 2 }, 'Progressing'],
    ['too few ready pods are Progressing', { replicas: 2 }, { ...ready, readyReplicas: 1 }, 'Progressing'],
    ['two revisions are Progressing', { replicas: 2 }, { ...ready, updateRevision: 'x-2' }, 'Progressing'],
    [
      'OnDelete does not wait for the update',
      { replicas: 2, updateStrategy: { type: 'OnDelete' } },
      { ...ready, updateRevision: 'x-2' },
      'Healthy',
    ],
    [
      'a partition is done when its pods are updated',
      { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      { ...ready, updatedReplicas: 1, updateRevision: 'x-2' },
      'Healthy',
    ],
    [
      'a partition with pods to update is Progressing',
      { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      { ...ready, updatedReplicas: 0, updateRevision: 'x-2' },
      'Progressing',
    ],
    ['zero replicas are Healthy', { replicas: 0 }, { ...ready, readyReplicas: 0 }, 'Healthy'],
  ])('%s', (_rule, spec, status, expected) =>
    expect(judge('apps/v1/StatefulSet', { spec, ...(status && { status }) })).toBe(expected),
  );
});
