import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, spec: object, status: object | undefined, expected: HealthStatus];

describe('cluster/health/job', () => {
  const condition = (type: string, status = 'True') => ({ conditions: [{ type, status }] });
  it.each<Row>([
    ['complete is Healthy', {}, condition('Complete'), 'Healthy'],
    ['failed is Degraded', {}, condition('Failed'), 'Degraded'],
    ['not failed is not Degraded', {}, condition('Failed', 'False'), 'Progressing'],
    ['suspended is Suspended', { suspend: true }, condition('Suspended'), 'Suspended'],
    ['resumed is Progressing', { suspend: false }, condition('Suspended', 'False'), 'Progressing'],
    ['without conditions it is Progressing', {}, { active: 1 }, 'Progressing'],
  ])('%s', (_rule, spec, status, expected) =>
    expect(judge('batch/v1/Job', { spec, ...(status && { status }) })).toBe(expected),
  );
});
