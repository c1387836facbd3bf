import { describe, expect, it } from 'vitest';
import { findPodFailure, podHealth } from '../../../src/cluster/health/pod.js';
import type { Health } from '../../../src/cluster/port.js';

function pod(status: object, spec: object = { restartPolicy: 'Always' }) {
  return { metadata: { name: 'naver-news-7c9-x', namespace: 'prodesk' }, spec, status };
}

const waiting = (reason: string) => ({ name: 'naver-news', state: { waiting: { reason } } });

describe('cluster/health/pod', () => {
  it.each([
    'ImagePullBackOff',
    'ErrImagePull',
    'InvalidImageName',
    'CrashLoopBackOff',
    'CreateContainerConfigError',
    'CreateContainerError',
    'RunContainerError',
  ])('a container that waits with %s is a failure', (reason) => {
    const found = findPodFailure(pod({ phase: 'Pending', containerStatuses: [waiting(reason)] }));
    expect(found).toEqual({ reason, container: 'naver-news' });
  });

  it.each(['ContainerCreating', 'PodInitializing'])('a container that waits with %s is no failure', (reason) => {
    expect(findPodFailure(pod({ phase: 'Pending', containerStatuses: [waiting(reason)] }))).toBeUndefined();
  });

  it('an init container that ended with an error is a failure', () => {
    const failed = { name: 'wait-for-db', state: { terminated: { exitCode: 1, reason: 'Error' } } };
    const found = findPodFailure(pod({ phase: 'Pending', initContainerStatuses: [failed] }));
    expect(found).toEqual({ reason: 'InitContainerFailed', container: 'wait-for-db' });
  });

  it('an init container that ended well is no failure', () => {
    const ended = { name: 'wait-for-db', state: { terminated: { exitCode: 0 } } };
    expect(findPodFailure(pod({ phase: 'Pending', initContainerStatuses: [ended] }))).toBeUndefined();
  });

  it.each<[rule: string, status: object, expected: Health['status'], spec?: object]>([
    ['ready is Healthy', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, 'Healthy'],
    ['running and not ready is Progressing', { phase: 'Running' }, 'Progressing'],
    [
      'not ready after a restart is Degraded',
      {
        phase: 'Running',
        containerStatuses: [
          { name: 'a', lastState: { terminated: { exitCode: 1, finishedAt: '2026-05-27T00:00:00Z' } } },
        ],
      },
      'Degraded',
    ],
    ['one that runs to completion is Progressing', { phase: 'Running' }, 'Progressing', { restartPolicy: 'Never' }],
    ['pending is Progressing', { phase: 'Pending' }, 'Progressing'],
    ['succeeded is Healthy', { phase: 'Succeeded' }, 'Healthy'],
    ['evicted is Degraded', { phase: 'Failed', reason: 'Evicted' }, 'Degraded'],
    ['an unknown phase is Unknown', { phase: 'Unknown' }, 'Unknown'],
    [
      'an image that cannot be pulled is Degraded',
      { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] },
      'Degraded',
    ],
  ])('%s', (_rule, status, expected, spec) => {
    expect(podHealth(pod(status, spec)).status).toBe(expected);
  });
});
