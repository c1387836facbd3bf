import { describe, expect, it } from 'vitest';
import { healthOf, worstHealth } from '../../../src/cluster/health/index.js';
import type { Health, HealthStatus } from '../../../src/cluster/port.js';

describe('cluster/health/index', () => {
  it('an object that is being deleted is Progressing, whatever its status says', () => {
    const object = { metadata: { name: 'x', deletionTimestamp: '2026-05-27T00:00:00Z' }, status: { phase: 'Bound' } };
    expect(healthOf(object, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }).status).toBe('Progressing');
  });

  it('the version of a kind does not change how it is judged', () => {
    const object = { metadata: { name: 'x' }, spec: { suspend: true } };
    expect(healthOf(object, { apiVersion: 'batch/v1beta1', kind: 'CronJob' }).status).toBe('Suspended');
  });

  it('a kind of another group with a known name is judged by its conditions', () => {
    expect(
      healthOf({ metadata: { name: 'x' } }, { apiVersion: 'serving.knative.dev/v1', kind: 'Service' }).status,
    ).toBe('Healthy');
  });

  it('the order from best to worst is that of Argo CD', () => {
    const order: HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];
    for (const [index, status] of order.entries()) {
      const better = order.slice(0, index + 1).map((one): Health => ({ status: one, message: one }));
      expect(worstHealth([...better].reverse()).status).toBe(status);
    }
  });

  it('nothing is Healthy', () => {
    expect(worstHealth([])).toEqual({ status: 'Healthy' });
  });

  it('the messages of healthy objects are left out', () => {
    expect(worstHealth([{ status: 'Healthy', message: 'a run is under way' }])).toEqual({ status: 'Healthy' });
  });

  it('the message of the first of equals is told', () => {
    const list: Health[] = [
      { status: 'Degraded', message: 'first' },
      { status: 'Degraded', message: 'second' },
    ];
    expect(worstHealth(list).message).toBe('first');
  });

  it('a failing rollout is told beside something worse', () => {
    const list: Health[] = [
      { status: 'Progressing', message: 'pod', failing: 'ImagePullBackOff' },
      { status: 'Degraded', message: 'metrics' },
    ];
    expect(worstHealth(list)).toEqual({ status: 'Degraded', message: 'metrics', failing: 'ImagePullBackOff' });
  });

  it('of equals the failing one is told', () => {
    const failing: Health = { status: 'Progressing', message: 'pod', failing: 'ErrImagePull' };
    expect(worstHealth([{ status: 'Progressing', message: 'slow' }, failing])).toEqual(failing);
  });
});
