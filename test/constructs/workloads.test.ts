import { describe, expect, it } from 'vitest';
import {
  DaemonSet,
  Deployment,
  HttpCronJob,
  Job,
  Service,
  StatefulSet,
  Volume,
  Worker,
  type WorkerProps,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const IMAGE = 'busybox:1.37';

describe('constructs/worker', () => {
  const make = (props: Partial<WorkerProps>) =>
    synthesize((scope) => new Worker(scope, 'w', { name: 'queue', image: IMAGE, ...props }));

  it('is a Deployment alone', () => {
    expect(make({})).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'queue' },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'queue' } },
          template: { metadata: { labels: { app: 'queue' } }, spec: { containers: [{ name: 'queue', image: IMAGE }] } },
        },
      },
    ]);
  });

  it('labels and annotations go to the object or to its pods, as asked', () => {
    const [deployment] = make({
      labels: { tier: 'back' },
      annotations: { note: 'a' },
      podLabels: { version: '1' },
      podAnnotations: { note: 'b' },
    });
    expect(deployment?.metadata).toEqual({ name: 'queue', labels: { tier: 'back' }, annotations: { note: 'a' } });
    expect(deployment?.spec).toMatchObject({
      selector: { matchLabels: { app: 'queue' } },
      template: { metadata: { labels: { app: 'queue', version: '1' }, annotations: { note: 'b' } } },
    });
  });

  it('autoscaled writes no number of replicas', () => {
    expect(make({ replicas: 'autoscaled' })[0]?.spec).not.toHaveProperty('replicas');
  });

  it('another app label of the pods is refused, for the selector would not find them', () => {
    expect(() => make({ podLabels: { app: 'other' } })).toThrow('"other"');
  });
});

describe('constructs/deployment', () => {
  it('two containers of one name are refused', () => {
    const containers = [{ name: 'a', image: IMAGE }];
    const pod = { containers, moreContainers: containers };
    expect(building((scope) => new Deployment(scope, 'd', { name: 'd', pod }))).toThrow('"a"');
  });
});

describe('constructs/stateful-set', () => {
  const data = Volume.ownClaim('data').mountAt('/data');

  it('makes claims of its own, and no pod volume for them', () => {
    const [service, set] = synthesize((scope) => {
      const service = new Service(scope, 's', { name: 'kafka', port: 9092, headless: true });
      const claims = [{ name: 'data', size: '1Gi', storageClass: 'local-path' }];
      new StatefulSet(scope, 'k', {
        name: 'kafka',
        image: IMAGE,
        service,
        replicas: 3,
        port: 9092,
        claims,
        mounts: [data],
      });
    });
    expect(service?.spec).toMatchObject({ type: 'ClusterIP', clusterIP: 'None' });
    expect(set?.spec).toEqual({
      serviceName: 'kafka',
      replicas: 3,
      selector: { matchLabels: { app: 'kafka' } },
      template: {
        metadata: { labels: { app: 'kafka' } },
        spec: {
          containers: [
            {
              name: 'kafka',
              image: IMAGE,
              ports: [{ containerPort: 9092 }],
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'local-path',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    });
  });

  it('a mounted claim that it does not make is refused', () => {
    const props = { name: 'k', image: IMAGE, service: 'k', mounts: [data] };
    expect(building((scope) => new StatefulSet(scope, 'k', props))).toThrow('"data"');
  });
});

describe('constructs/daemon-set', () => {
  it('runs on each node, with what of the node it was given', () => {
    const [set] = synthesize(
      (scope) =>
        new DaemonSet(scope, 'd', {
          name: 'exporter',
          image: IMAGE,
          hostNetwork: true,
          hostPid: true,
          tolerations: [{ effect: 'NoSchedule' }, { key: 'gpu', value: 'yes' }],
          mounts: [Volume.hostPath('root', '/', 'Directory').mountAt('/host', { readOnly: true })],
        }),
    );
    expect(set).toMatchObject({
      kind: 'DaemonSet',
      spec: {
        template: {
          spec: {
            hostNetwork: true,
            hostPID: true,
            tolerations: [
              { operator: 'Exists', effect: 'NoSchedule' },
              { key: 'gpu', operator: 'Equal', value: 'yes' },
            ],
            volumes: [{ name: 'root', hostPath: { path: '/', type: 'Directory' } }],
          },
        },
      },
    });
  });
});

describe('constructs/job', () => {
  it('runs once, within its limits', () => {
    const [job] = synthesize(
      (scope) =>
        new Job(scope, 'j', {
          name: 'migrate-42',
          image: IMAGE,
          retries: 0,
          deadlineSeconds: 60,
          ttlSecondsAfterFinished: 3600,
          restartPolicy: 'Never',
        }),
    );
    expect(job).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate-42' },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 60,
        ttlSecondsAfterFinished: 3600,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate-42', image: IMAGE }] } },
      },
    });
  });
});

describe('constructs/http-cron-job', () => {
  const schedule = '*/5 * * * *';
  const make = (props: object) =>
    synthesize((scope) => new HttpCronJob(scope, 'c', { name: 'call', schedule, url: 'http://a/b', ...props }))[0];

  it('calls with a bearer token from a Secret', () => {
    const job = make({ bearer: { secret: 'api', key: 'TOKEN' }, method: 'GET', timeoutSeconds: 10 });
    expect(job?.spec).toMatchObject({
      jobTemplate: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  command: ['curl'],
                  args: [
                    ...['--fail', '--silent', '--show-error', '--max-time', '10', '--request', 'GET'],
                    ...['--header', 'Authorization: Bearer $(BEARER_TOKEN)', 'http://a/b'],
                  ],
                  env: [{ name: 'BEARER_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'TOKEN' } } }],
                },
              ],
            },
          },
        },
      },
    });
  });

  it('text of the caller is not expanded', () => {
    expect(JSON.stringify(make({ body: '$(HOME)' }))).toContain('"--data","$$(HOME)"');
  });

  it('an address without a scheme is refused', () => {
    expect(() => make({ url: 'friend-app:3000' })).toThrow('"friend-app:3000"');
  });
});
