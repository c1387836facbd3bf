import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, spec: object, status: object | undefined, expected: HealthStatus];
const seen = { observedGeneration: 3 };

describe('cluster/health/daemon-set', () => {
  const done = { ...seen, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 };
  it.each<Row>([
    ['updated and available is Healthy', {}, done, 'Healthy'],
    ['no node to run on is Healthy', {}, seen, 'Healthy'],
    ['an old observed generation is Progressing', {}, { ...done, observedGeneration: 1 }, 'Progressing'],
    ['pods to update are Progressing', {}, { ...done, updatedNumberScheduled: 0 }, 'Progressing'],
    ['unavailable pods are Progressing', {}, { ...done, numberAvailable: 0 }, 'Progressing'],
    [
      'OnDelete does not wait',
      { updateStrategy: { type: 'OnDelete' } },
      { ...done, updatedNumberScheduled: 0 },
      'Healthy',
    ],
  ])('%s', (_rule, spec, status, expected) =>
    expect(judge('apps/v1/DaemonSet', { spec, ...(status && { status }) })).toBe(expected),
  );
});
