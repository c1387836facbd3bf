import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { judge } from './judge.js';

type Row = [rule: string, kind: string, fields: object, expected: HealthStatus];
const address = { loadBalancer: { ingress: [{ ip: '192.168.0.46' }] } };

describe('cluster/health/networking', () => {
  it.each<Row>([
    [
      'a ClusterIP service is Healthy',
      'v1/Service',
      { spec: { type: 'ClusterIP' }, status: { loadBalancer: {} } },
      'Healthy',
    ],
    ['a balancer without an address is Progressing', 'v1/Service', { spec: { type: 'LoadBalancer' } }, 'Progressing'],
    [
      'a balancer with an address is Healthy',
      'v1/Service',
      { spec: { type: 'LoadBalancer' }, status: address },
      'Healthy',
    ],
    ['an ingress without an address is Progressing', 'networking.k8s.io/v1/Ingress', {}, 'Progressing'],
    ['an ingress with an address is Healthy', 'networking.k8s.io/v1/Ingress', { status: address }, 'Healthy'],
  ])('%s', (_rule, id, fields, expected) => expect(judge(id, fields)).toBe(expected));
});
