import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, kind: string, fields: object, expected: HealthStatus];

describe('cluster/health/storage', () => {
  it.each<Row>([
    ['a bound claim is Healthy', 'v1/PersistentVolumeClaim', { status: { phase: 'Bound' } }, 'Healthy'],
    ['a pending claim is Progressing', 'v1/PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'Progressing'],
    ['a claim whose volume is gone is Degraded', 'v1/PersistentVolumeClaim', { status: { phase: 'Lost' } }, 'Degraded'],
    ['a new claim is Progressing', 'v1/PersistentVolumeClaim', {}, 'Progressing'],
    ['a released volume is Healthy', 'v1/PersistentVolume', { status: { phase: 'Released' } }, 'Healthy'],
    ['a failed volume is Degraded', 'v1/PersistentVolume', { status: { phase: 'Failed' } }, 'Degraded'],
  ])('%s', (_rule, id, fields, expected) => expect(judge(id, fields)).toBe(expected));
});
