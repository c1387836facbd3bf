import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, spec: object, status: object | undefined, expected: HealthStatus];
const seen = { observedGeneration: 3 };

describe('cluster/health/replica-set', () => {
  it.each<Row>([
    ['available replicas are Healthy', { replicas: 1 }, { ...seen, availableReplicas: 1 }, 'Healthy'],
    ['missing replicas are Progressing', { replicas: 1 }, seen, 'Progressing'],
    ['an old observed generation is Progressing', { replicas: 1 }, { availableReplicas: 1 }, 'Progressing'],
    [
      'pods that cannot be created are Degraded',
      { replicas: 1 },
      { ...seen, conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }] },
      'Degraded',
    ],
  ])('%s', (_rule, spec, status, expected) =>
    expect(judge('apps/v1/ReplicaSet', { spec, ...(status && { status }) })).toBe(expected),
  );
});
