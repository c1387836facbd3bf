import { describe, expect, it } from 'vitest';
import { app, deployment, found, foundIn, object, running, service } from './revision.js';

const WEB = service('web', { selector: { app: 'web', tier: 'front' } });
const labelled = (labels: object) => deployment('web', {}, labels);

describe('app/checks/service-selects-nothing', () => {
  it.each([
    ['pods with all labels', labelled({ app: 'web', tier: 'front', more: 'x' }), 0],
    ['pods with one label', labelled({ app: 'web' }), 1],
    ['pods with another value', labelled({ app: 'web', tier: 'back' }), 1],
    [
      'pods of another namespace',
      { ...labelled({ app: 'web', tier: 'front' }), metadata: { name: 'web', namespace: 'kube-system' } },
      1,
    ],
    [
      'a pod of its own',
      {
        ...object('Pod', 'p', { spec: {} }),
        metadata: { name: 'p', namespace: 'home', labels: { app: 'web', tier: 'front' } },
      },
      0,
    ],
    [
      'pods of a CronJob',
      object(
        'CronJob',
        'c',
        {
          spec: {
            jobTemplate: {
              spec: { template: { metadata: { labels: { app: 'web', tier: 'front' } }, spec: { containers: [] } } },
            },
          },
        },
        'batch/v1',
      ),
      0,
    ],
    [
      'pods of a custom workload',
      object(
        'Rollout',
        'r',
        { spec: { template: { metadata: { labels: { app: 'web', tier: 'front' } }, spec: { containers: [] } } } },
        'argoproj.io/v1alpha1',
      ),
      0,
    ],
  ])('%s', (_what, workload, count) => {
    expect(foundIn('service-selects-nothing', WEB, workload)).toHaveLength(count);
  });

  it('is a warning at the selector, and says which labels', () => {
    expect(found('service-selects-nothing', app('a', [WEB]))).toEqual(['warning: a: Service home/web spec.selector']);
  });

  it('pods of another application count', () => {
    const front = service('front', { selector: { app: 'web' } });
    expect(found('service-selects-nothing', app('a', [front]), app('b', [running('web')]))).toEqual([]);
  });

  it('a bare pod has the label of its application, pods of a workload do not', () => {
    const mine = service('s', { selector: { 'prodesk.dev/app': 'a' } });
    const pod = { ...object('Pod', 'p', { spec: {} }), metadata: { name: 'p', namespace: 'home' } };
    expect(foundIn('service-selects-nothing', mine, pod)).toEqual([]);
    expect(foundIn('service-selects-nothing', mine, running('web'))).toHaveLength(1);
  });

  it('a Service without a selector is for something else', () => {
    expect(foundIn('service-selects-nothing', service('external', { ports: [{ port: 80 }] }))).toEqual([]);
  });
});
