import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { condition, judge } from './judge.js';

type Row = [rule: string, kind: string, fields: object, expected: HealthStatus];

const CUSTOM = 'cert-manager.io/v1/Certificate';
describe('cluster/health/custom-resource', () => {
  const status = (conditions: object[], more: object = {}) => ({ status: { conditions, ...more } });
  it.each<Row>([
    ['no status is Healthy', 'traefik.io/v1alpha1/IngressRoute', {}, 'Healthy'],
    ['a ConfigMap is Healthy', 'v1/ConfigMap', { data: { a: 'b' } }, 'Healthy'],
    ['ready is Healthy', CUSTOM, status([condition('Ready', 'True')]), 'Healthy'],
    ['not ready is Degraded', CUSTOM, status([condition('Ready', 'False', { reason: 'DoesNotExist' })]), 'Degraded'],
    [
      'not ready while it is issued is Progressing',
      CUSTOM,
      status([condition('Ready', 'False'), condition('Issuing', 'True')]),
      'Progressing',
    ],
    ['unknown readiness is Progressing', CUSTOM, status([condition('Ready', 'Unknown')]), 'Progressing'],
    [
      'not available is Degraded',
      'monitoring.coreos.com/v1/Prometheus',
      status([condition('Available', 'False')]),
      'Degraded',
    ],
    [
      'partly available is Progressing',
      'monitoring.coreos.com/v1/Prometheus',
      status([condition('Available', 'Degraded')]),
      'Progressing',
    ],
    ['stalled is Degraded', CUSTOM, status([condition('Ready', 'True'), condition('Stalled', 'True')]), 'Degraded'],
    [
      'a status of an older generation is Progressing',
      CUSTOM,
      status([condition('Ready', 'True')], { observedGeneration: 1 }),
      'Progressing',
    ],
    [
      'a condition of an older generation is Progressing',
      CUSTOM,
      status([condition('Ready', 'True', { observedGeneration: 1 })]),
      'Progressing',
    ],
    ['conditions of other kinds are Healthy', CUSTOM, status([condition('SomethingElse', 'False')]), 'Healthy'],
    ['conditions that are no list are Healthy', CUSTOM, { status: { conditions: 'none' } }, 'Healthy'],
  ])('%s', (_rule, id, fields, expected) => expect(judge(id, fields)).toBe(expected));
});
