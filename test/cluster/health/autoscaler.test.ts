import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { condition, judge } from './judge.js';

type Row = [rule: string, kind: string, fields: object, expected: HealthStatus];

const AUTOSCALER = 'autoscaling/v2/HorizontalPodAutoscaler';
describe('cluster/health/autoscaler', () => {
  const status = (...conditions: object[]) => ({ status: { conditions } });
  const able = condition('AbleToScale', 'True', { reason: 'ReadyForNewScale' });
  it.each<Row>([
    ['able to scale is Healthy', AUTOSCALER, status(able), 'Healthy'],
    ['without conditions it is Progressing', AUTOSCALER, {}, 'Progressing'],
    [
      'metrics that cannot be read are Degraded',
      AUTOSCALER,
      status(able, condition('ScalingActive', 'False', { reason: 'FailedGetResourceMetric' })),
      'Degraded',
    ],
    [
      'a target that cannot be found is Degraded',
      AUTOSCALER,
      status(condition('AbleToScale', 'False', { reason: 'FailedGetScale' })),
      'Degraded',
    ],
    [
      'scaling switched off is not Degraded',
      AUTOSCALER,
      status(able, condition('ScalingActive', 'False', { reason: 'ScalingDisabled' })),
      'Healthy',
    ],
  ])('%s', (_rule, id, fields, expected) => expect(judge(id, fields)).toBe(expected));
});
