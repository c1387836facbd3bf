import { describe, expect, it } from 'vitest';
import { CronJob, fromSecret } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const PROPS = { name: 'snapshot', image: 'curlimages/curl:8', schedule: '0 6 * * *' };

describe('constructs/cron-job', () => {
  it('runs a container at given times', () => {
    const [job] = synthesize(
      (scope) =>
        new CronJob(scope, 'job', {
          ...PROPS,
          timeZone: 'Asia/Seoul',
          concurrency: 'Forbid',
          keepSuccessful: 1,
          keepFailed: 0,
          command: ['curl', 'http://friend-app:3000/api/snapshot'],
          environment: [fromSecret('friend-app-secret')],
        }),
    );
    expect(job).toEqual({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'snapshot' },
      spec: {
        schedule: '0 6 * * *',
        timeZone: 'Asia/Seoul',
        concurrencyPolicy: 'Forbid',
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 0,
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'OnFailure',
                containers: [
                  {
                    name: 'snapshot',
                    image: 'curlimages/curl:8',
                    command: ['curl', 'http://friend-app:3000/api/snapshot'],
                    envFrom: [{ secretRef: { name: 'friend-app-secret' } }],
                  },
                ],
              },
            },
          },
        },
      },
    });
  });

  it.each([
    ['a name of 53 characters', { name: 'a'.repeat(53) }, `"${'a'.repeat(53)}"`],
    ['a schedule of four fields', { schedule: '0 6 * *' }, '"0 6 * *"'],
  ])('%s is refused and quoted', (_what, props, quoted) => {
    expect(building((scope) => new CronJob(scope, 'job', { ...PROPS, ...props }))).toThrow(quoted);
  });
});
