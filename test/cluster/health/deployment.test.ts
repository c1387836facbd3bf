import { describe, expect, it } from 'vitest';
import { deploymentHealth } from '../../../src/cluster/health/deployment.js';
import type { Health } from '../../../src/cluster/port.js';

const progressing = (status: string, reason: string, message: string) => ({
  type: 'Progressing',
  status,
  reason,
  message,
});

function deployment(spec: object, status: object, generation = 2) {
  return { metadata: { name: 'naver-news', namespace: 'prodesk', generation }, spec: { replicas: 2, ...spec }, status };
}

const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

describe('cluster/health/deployment', () => {
  it.each<[rule: string, spec: object, status: object, expected: Health]>([
    ['all replicas updated and available is Healthy', {}, done, { status: 'Healthy' }],
    [
      'an old observed generation is Progressing',
      {},
      { ...done, observedGeneration: 1 },
      { status: 'Progressing', message: 'waiting for the deployment controller to see the change' },
    ],
    ['no status at all is Progressing', {}, {}, expect.objectContaining({ status: 'Progressing' }) as Health],
    [
      'new replicas to be created are Progressing',
      {},
      { ...done, replicas: 3, updatedReplicas: 1 },
      { status: 'Progressing', message: '1 of 2 new replicas are created' },
    ],
    [
      'old replicas that are left are Progressing',
      {},
      { ...done, replicas: 3 },
      { status: 'Progressing', message: '1 old replicas are still to be terminated' },
    ],
    [
      'new replicas that are not available are Progressing',
      {},
      { ...done, availableReplicas: 1 },
      { status: 'Progressing', message: '1 of 2 new replicas are available' },
    ],
    [
      'an exceeded deadline is Degraded and failing',
      {},
      {
        ...done,
        availableReplicas: 1,
        conditions: [
          progressing('False', 'ProgressDeadlineExceeded', 'ReplicaSet "naver-news-7c9" has timed out progressing.'),
        ],
      },
      { status: 'Degraded', message: 'rollout exceeded its progress deadline', failing: 'ProgressDeadlineExceeded' },
    ],
    [
      'an exceeded deadline of an earlier generation does not count',
      {},
      { ...done, observedGeneration: 1, conditions: [progressing('False', 'ProgressDeadlineExceeded', '')] },
      expect.objectContaining({ status: 'Progressing' }) as Health,
    ],
    ['paused is Suspended', { paused: true }, done, { status: 'Suspended', message: 'deployment is paused' }],
    [
      'zero replicas wanted and none there is Healthy',
      { replicas: 0 },
      { observedGeneration: 2 },
      { status: 'Healthy' },
    ],
    [
      'a missing replicas field means one',
      { replicas: undefined },
      { observedGeneration: 2 },
      { status: 'Progressing', message: '0 of 1 new replicas are created' },
    ],
  ])('%s', (_rule, spec, status, expected) => {
    expect(deploymentHealth(deployment(spec, status))).toEqual(expected);
  });
});
