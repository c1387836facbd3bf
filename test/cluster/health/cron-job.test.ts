import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, spec: object, status: object | undefined, expected: HealthStatus];

describe('cluster/health/cron-job', () => {
  const [early, late] = ['2026-05-27T00:00:00Z', '2026-05-28T00:00:00Z'];
  it.each<Row>([
    ['never scheduled is Healthy', {}, {}, 'Healthy'],
    ['suspended is Suspended', { suspend: true }, {}, 'Suspended'],
    ['a run under way is Healthy', {}, { active: [{ name: 'x-1' }], lastScheduleTime: late }, 'Healthy'],
    ['a last run that succeeded is Healthy', {}, { lastScheduleTime: early, lastSuccessfulTime: late }, 'Healthy'],
    [
      'a last run that did not succeed is Degraded',
      {},
      { lastScheduleTime: late, lastSuccessfulTime: early },
      'Degraded',
    ],
    ['a first run that did not succeed is Degraded', {}, { lastScheduleTime: late }, 'Degraded'],
  ])('%s', (_rule, spec, status, expected) =>
    expect(judge('batch/v1/CronJob', { spec, ...(status && { status }) })).toBe(expected),
  );
});
