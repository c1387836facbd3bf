import { describe, expect, it } from 'vitest';
import { reportPod, type ImageBehavior, type Pod } from '../../../src/sandbox/pods/pod-status.js';

const NOW = '2026-03-08T10:00:00Z';

interface Reported {
  readonly phase: string;
  readonly podIP: string;
  readonly containerStatuses: readonly Record<string, unknown>[];
  readonly initContainerStatuses: readonly Record<string, unknown>[];
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly lastTransitionTime: string;
  }[];
}

/** A pod whose containers use images that are named after what they do. */
function podWith(spec: Partial<Pod['spec']>, status?: Pod['status']): Pod {
  return {
    metadata: { name: 'web', namespace: 'prodesk', uid: '0102aaaa-0000-0000-0000-000000000000' },
    spec: { nodeName: 'prodesk', containers: [{ name: 'web', image: 'run' }], ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

function report(pod: Pod, attempt: number): { readonly status: Reported; readonly nextMs?: number } {
  return reportPod(pod, (image) => image as ImageBehavior, { now: NOW, attempt }) as never;
}

function running(image: ImageBehavior, restartPolicy: 'Always' | 'OnFailure' | 'Never' = 'Always'): Pod {
  return podWith({ restartPolicy, containers: [{ name: 'web', image }] });
}

function condition(status: Reported, type: string): string | undefined {
  return status.conditions.find((candidate) => candidate.type === type)?.status;
}

describe('sandbox/pods/pod-status', () => {
  describe('one container', () => {
    const running$ = { running: { startedAt: NOW } };
    const completed = { terminated: { reason: 'Completed', exitCode: 0, startedAt: NOW, finishedAt: NOW } };
    const failed = { terminated: { reason: 'Error', exitCode: 1, startedAt: NOW, finishedAt: NOW } };

    it.each([
      ['a good image runs and stays', running('run'), 0, 'Running', 'True', running$, undefined],
      ['an image that is never ready runs', running('never-ready'), 0, 'Running', 'False', running$, undefined],
      ['a job runs a moment', running('run', 'Never'), 0, 'Running', 'True', running$, 200],
      ['a job completes', running('run', 'OnFailure'), 1, 'Succeeded', 'False', completed, undefined],
      ['a crash ends the process', running('crash'), 0, 'Running', 'False', failed, 200],
      [
        'a crash of a job that is not restarted fails it',
        running('crash', 'Never'),
        0,
        'Failed',
        'False',
        failed,
        undefined,
      ],
    ])('%s', (_, pod, attempt, phase, ready, state, nextMs) => {
      const { status, nextMs: next } = report(pod, attempt);

      expect(status.phase).toBe(phase);
      expect(condition(status, 'Ready')).toBe(ready);
      expect(status.containerStatuses[0]).toMatchObject({ name: 'web', state, ready: ready === 'True' });
      expect(next).toBe(nextMs);
    });

    it.each([
      [0, 'ErrImagePull', 200],
      [1, 'ImagePullBackOff', 1000],
      [3, 'ImagePullBackOff', 4000],
      [9, 'ImagePullBackOff', 10_000],
    ])('pull %d of a missing image gives %s and a next one after %d ms', (attempt, reason, nextMs) => {
      const { status, nextMs: next } = report(running('missing'), attempt);

      expect(status.phase).toBe('Pending');
      expect(status.containerStatuses[0]).toMatchObject({ state: { waiting: { reason } }, restartCount: 0 });
      expect(next).toBe(nextMs);
    });

    it.each([
      ['crash' as const, 'Error', 1],
      ['oom' as const, 'OOMKilled', 137],
    ])(
      'an image that does %s waits in CrashLoopBackOff after %s, restarting ever more rarely',
      (image, reason, exitCode) => {
        const reports = [1, 2, 5].map((attempt) => report(running(image), attempt));

        expect(reports.map(({ status }) => status.containerStatuses[0])).toMatchObject(
          [1, 2, 5].map((restartCount) => ({
            restartCount,
            ready: false,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason, exitCode } },
          })),
        );
        expect(reports.map(({ nextMs }) => nextMs)).toEqual([1000, 2000, 10_000]);
      },
    );
  });

  describe('several containers', () => {
    it('one bad container keeps the pod from being ready while the other one is', () => {
      const containers = [
        { name: 'web', image: 'run' },
        { name: 'sidecar', image: 'crash' },
      ];
      const { status } = report(podWith({ containers }), 1);

      expect(status.containerStatuses.map(({ ready }) => ready)).toEqual([true, false]);
      expect(condition(status, 'Ready')).toBe('False');
    });

    it.each([
      ['run', 'Running', 'True', 'Completed', 'running'],
      ['missing', 'Pending', 'False', 'ErrImagePull', 'waiting'],
      ['crash', 'Running', 'False', 'Error', 'waiting'],
    ])('an init container that does %s makes the pod %s', (image, phase, initialized, reason, main) => {
      const { status } = report(podWith({ initContainers: [{ name: 'init', image }] }), 0);

      expect(status.phase).toBe(phase);
      expect(condition(status, 'Initialized')).toBe(initialized);
      expect(JSON.stringify(status.initContainerStatuses[0])).toContain(`"reason":"${reason}"`);
      expect(Object.keys(status.containerStatuses[0]?.['state'] as object)).toEqual([main]);
    });

    it('an init container behind one that cannot be pulled is not started', () => {
      const initContainers = [
        { name: 'first', image: 'missing' },
        { name: 'second', image: 'run' },
      ];
      const { status } = report(podWith({ initContainers }), 0);

      expect(status.initContainerStatuses[1]).toMatchObject({ state: { waiting: { reason: 'PodInitializing' } } });
    });

    it('a sidecar keeps running beside the containers it was started before', () => {
      const initContainers = [{ name: 'proxy', image: 'run', restartPolicy: 'Always' }];
      const { status } = report(podWith({ initContainers }), 0);

      expect(status.initContainerStatuses[0]).toMatchObject({ ready: true, state: { running: { startedAt: NOW } } });
      expect(condition(status, 'Ready')).toBe('True');
    });
  });

  describe('the pod', () => {
    it('a condition that stays as it was keeps the time of its last change', () => {
      const before = '2026-03-08T09:00:00Z';
      const conditions = [
        { type: 'Ready', status: 'False', lastTransitionTime: before },
        { type: 'Initialized', status: 'False', lastTransitionTime: before },
      ];
      const { status } = report(podWith({ containers: [{ name: 'web', image: 'crash' }] }, { conditions }), 2);

      expect(status.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime).toBe(before);
      expect(status.conditions.find(({ type }) => type === 'Initialized')?.lastTransitionTime).toBe(NOW);
    });

    it.each([
      [false, '10.42.1.5'],
      [true, '127.0.0.1'],
    ])('hostNetwork %s gives the address %s', (hostNetwork, podIP) => {
      expect(report(podWith({ hostNetwork }), 0).status.podIP).toBe(podIP);
    });
  });
});
