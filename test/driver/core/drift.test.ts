import { describe, expect, it } from 'vitest';
import type { AppObservation, ObjectObservation } from '../../../src/cluster/port.js';
import { describeDrift } from '../../../src/driver/core/drift.js';

const health = { status: 'Healthy' } as const;

function object(name: string, more: Partial<ObjectObservation>): ObjectObservation {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name };
  return { ref, state: 'synced', drift: [], health, ...more };
}

function observation(...objects: ObjectObservation[]): AppObservation {
  return { objects, health };
}

describe('driver/core/drift', () => {
  it.each<[AppObservation | undefined, string | undefined]>([
    [undefined, undefined],
    [observation(object('a', {}), object('b', { state: 'unknown' })), undefined],
    [observation(object('a', { state: 'missing' })), 'Deployment a was deleted'],
    [
      observation(object('a', { state: 'drifted', drift: ['/spec/replicas'], driftManager: 'kubectl-edit' })),
      'spec.replicas of Deployment a changed by kubectl-edit',
    ],
    [
      observation(
        object('a', { state: 'drifted', drift: ['/a', '/b', '/c', '/d'] }),
        object('b', { state: 'missing' }),
      ),
      'a, b, c, and 1 more of Deployment a changed, and 1 more',
    ],
    [observation(object('a', { state: 'drifted', drift: ['/'] })), 'fields of Deployment a changed'],
    [
      observation(object('a', { state: 'drifted', drift: ['/metadata/labels/x.io~1y'] })),
      'metadata.labels.x.io/y of Deployment a changed',
    ],
  ])('says what drifted, without values', (seen, text) => {
    expect(describeDrift(seen)).toBe(text);
  });
});
