import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { APP_LABEL, track } from '../../src/app/tracking.js';
import type { KubeClient } from '../../src/cluster/client.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { applyAsEngine, Observed } from '../cluster/observed-app.js';

const NAMESPACE = 'default';
const labels = { app: 'redis' };
const pod = {
  metadata: { labels },
  spec: { containers: [{ name: 'redis', image: 'redis:7.2', env: [{ name: 'TZ', value: 'Asia/Seoul' }] }] },
};

function named(apiVersion: string, kind: string, name: string, fields: object): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE, labels: { tier: 'data' } }, ...fields };
}

interface Subject {
  readonly plural: string;
  readonly manifest: Manifest;
}

const apps = (plural: string) => `/apis/apps/v1/namespaces/${NAMESPACE}/${plural}`;
const core = (plural: string) => `/api/v1/namespaces/${NAMESPACE}/${plural}`;
const SUBJECTS = {
  Deployment: {
    plural: apps('deployments'),
    manifest: named('apps/v1', 'Deployment', 'redis', {
      spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: labels }, template: pod },
    }),
  },
  StatefulSet: {
    plural: apps('statefulsets'),
    manifest: named('apps/v1', 'StatefulSet', 'redis', {
      spec: { replicas: 1, serviceName: 'redis', selector: { matchLabels: labels }, template: pod },
    }),
  },
  DaemonSet: {
    plural: apps('daemonsets'),
    manifest: named('apps/v1', 'DaemonSet', 'agent', { spec: { selector: { matchLabels: labels }, template: pod } }),
  },
  CronJob: {
    plural: `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`,
    manifest: named('batch/v1', 'CronJob', 'snapshot', {
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'curl' }] } } },
        },
      },
    }),
  },
  ConfigMap: {
    plural: core('configmaps'),
    manifest: named('v1', 'ConfigMap', 'config', { data: { DB_HOST: 'mysql', 'redis.conf': 'port 6379' } }),
  },
  Secret: {
    plural: core('secrets'),
    manifest: named('v1', 'Secret', 'redis-secret', {
      type: 'Opaque',
      data: { REDIS_PASSWORD: 'aHVudGVyMi1odW50ZXIy' },
    }),
  },
  Service: {
    plural: core('services'),
    manifest: named('v1', 'Service', 'redis', {
      spec: {
        type: 'NodePort',
        selector: labels,
        ports: [{ name: 'redis', port: 6379, targetPort: 6379, nodePort: 30379 }],
      },
    }),
  },
  PersistentVolumeClaim: {
    plural: core('persistentvolumeclaims'),
    manifest: named('v1', 'PersistentVolumeClaim', 'redis-pvc', {
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local-storage',
        volumeName: 'redis-pv',
        resources: { requests: { storage: '2Gi' } },
      },
    }),
  },
  Ingress: {
    plural: `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses`,
    manifest: named('networking.k8s.io/v1', 'Ingress', 'friend', {
      spec: {
        rules: [{ host: 'friend.example.com' }],
        defaultBackend: { service: { name: 'redis', port: { number: 6379 } } },
      },
    }),
  },
} satisfies Record<string, Subject>;
type Kind = keyof typeof SUBJECTS;

let plane: TestControlPlane;
let client: KubeClient;
let observed: Observed;
beforeAll(async () => {
  plane = await TestControlPlane.start();
  client = plane.client();
  observed = await new Observed(plane).start();
});
afterAll(async () => {
  await observed.observer.stop();
  await client.close();
  await plane.stop();
});

function pathOf({ plural, manifest }: Subject): string {
  return `${plural}/${manifest.metadata.name}`;
}

/** Brings the object of a kind into the cluster, and waits until it is seen as synced. */
async function establish(kind: Kind): Promise<{ app: string; path: string; manifest: Manifest }> {
  const subject = SUBJECTS[kind];
  const app = `app-${kind.toLowerCase()}`;
  observed.desire(app, subject.manifest);
  await applyAsEngine(client, pathOf(subject), track(subject.manifest, app));
  await observed.untilState(app, 'synced');
  return { app, path: pathOf(subject), manifest: subject.manifest };
}

function editByHand(path: string, body: unknown, type = 'strategic-merge-patch'): Promise<unknown> {
  return plane.send({
    method: 'PATCH',
    path: `${path}?fieldManager=kubectl-edit`,
    body,
    contentType: `application/${type}+json`,
  });
}

describe('integration/cluster-drift', () => {
  const template = (spec: object) => ({ spec: { template: { spec: { containers: [{ name: 'redis', ...spec }] } } } });
  const env = '/spec/template/spec/containers/0/env/0/value';
  const image = '/spec/template/spec/containers/0/image';

  it.each<[Kind, change: object, pointer: string]>([
    ['Deployment', template({ image: 'redis:8' }), image],
    ['Deployment', template({ env: [{ name: 'TZ', value: 'UTC' }] }), env],
    ['Deployment', { spec: { replicas: 3 } }, '/spec/replicas'],
    ['Deployment', { metadata: { labels: { tier: 'web' } } }, '/metadata/labels/tier'],
    ['StatefulSet', template({ image: 'redis:8' }), image],
    ['StatefulSet', { spec: { replicas: 0 } }, '/spec/replicas'],
    ['DaemonSet', template({ env: [{ name: 'TZ', value: 'UTC' }] }), env],
    ['CronJob', { spec: { schedule: '0 4 * * *' } }, '/spec/schedule'],
    ['ConfigMap', { data: { DB_HOST: 'elsewhere' } }, '/data/DB_HOST'],
    ['ConfigMap', { data: { 'redis.conf': null } }, '/data/redis.conf'],
    ['Secret', { data: { REDIS_PASSWORD: 'Y2hhbmdlZC1ieS1oYW5k' } }, '/data/REDIS_PASSWORD'],
    ['Service', { spec: { selector: { app: 'other' } } }, '/spec/selector/app'],
    ['Service', { spec: { ports: [{ port: 6379, nodePort: 30999 }] } }, '/spec/ports/0/nodePort'],
    ['PersistentVolumeClaim', { metadata: { labels: { tier: 'x' } } }, '/metadata/labels/tier'],
    [
      'Ingress',
      { spec: { defaultBackend: { service: { port: { number: 80 } } } } },
      '/spec/defaultBackend/service/port/number',
    ],
  ])('%s: %j by hand is drift', async (kind, change, pointer) => {
    const { app, path, manifest } = await establish(kind);
    await editByHand(path, change);
    const drifted = await observed.untilState(app, 'drifted');
    expect(drifted.drift).toEqual([pointer]);
    expect(drifted.driftManager).toBe(JSON.stringify(change).includes('null') ? undefined : 'kubectl-edit');
    await applyAsEngine(client, path, track(manifest, app));
    await observed.untilState(app, 'synced');
  });

  it.each(Object.keys(SUBJECTS).filter((kind) => kind !== 'PersistentVolumeClaim') as Kind[])(
    '%s: deletion is seen as missing',
    async (kind) => {
      const { app, path } = await establish(kind);
      await plane.send({ method: 'DELETE', path });
      const missing = await observed.untilState(app, 'missing');
      expect(missing.health.status).toBe('Missing');
    },
  );

  it.each<Kind>(['Deployment', 'ConfigMap'])('%s: removal of our label is drift and not absence', async (kind) => {
    const { app, path, manifest } = await establish(kind);
    await editByHand(path, { metadata: { labels: { [APP_LABEL]: null } } });
    expect((await observed.untilState(app, 'drifted')).drift).toEqual([
      `/metadata/labels/${APP_LABEL.replace('/', '~1')}`,
    ]);
    await applyAsEngine(client, path, track(manifest, app));
    await observed.untilState(app, 'synced');
  });

  describe('of fields that others may write', () => {
    const scale = { spec: { replicas: 4 } };

    it.each([
      [{ kind: 'Deployment', pointers: ['/spec/replicas'] }, undefined],
      [{ kind: 'Deployment', managers: ['kubectl-edit'] }, ['/spec/replicas']],
    ])('is none, under %j; that of others is', async (rule, ignored) => {
      const { app, path, manifest } = await establish('Deployment');
      observed.desireBut([rule], app, manifest);
      await editByHand(path, scale);
      const own = { spec: { template: { spec: { containers: [{ name: 'redis', image: 'redis:9' }] } } } };
      await plane.send({
        method: 'PATCH',
        path: `${path}?fieldManager=somebody-else`,
        body: own,
        contentType: 'application/strategic-merge-patch+json',
      });
      expect(await observed.untilState(app, 'drifted')).toMatchObject({
        drift: [image],
        driftManager: 'somebody-else',
      });
      await applyAsEngine(
        client,
        path,
        track({ ...manifest, spec: { ...(manifest['spec'] as object), ...scale.spec } }, app),
      );
      await editByHand(path, { spec: { replicas: 5 } });
      const { objects } = await observed.until(app, ({ objects: [one] }) => one?.state === 'synced');
      expect(objects[0]?.ignored).toEqual(ignored);
      await applyAsEngine(client, path, track(manifest, app));
      await observed.untilState(app, 'synced');
    });
  });

  it('a field taken over by another server-side apply is drift', async () => {
    const { app, path } = await establish('ConfigMap');
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { DB_HOST: 'theirs' } };
    await client.apply(path, Buffer.from(JSON.stringify(theirs)), { fieldManager: 'someone', force: true });
    expect(await observed.untilState(app, 'drifted')).toMatchObject({
      drift: ['/data/DB_HOST'],
      driftManager: 'someone',
    });
  });

  it('an apply in our own name with another value is drift', async () => {
    const { app, path, manifest } = await establish('ConfigMap');
    const other = { ...manifest, data: { DB_HOST: 'other', 'redis.conf': 'port 6379' } };
    await applyAsEngine(client, path, track(other, app));
    expect((await observed.untilState(app, 'drifted')).drift).toEqual(['/data/DB_HOST']);
  });

  it('a patch in our own name is drift', async () => {
    const { app, path } = await establish('ConfigMap');
    const contentType = 'application/merge-patch+json';
    await plane.send({
      method: 'PATCH',
      path: `${path}?fieldManager=prodesk`,
      body: { data: { DB_HOST: 'x' } },
      contentType,
    });
    expect(await observed.untilState(app, 'drifted')).toMatchObject({
      drift: ['/data/DB_HOST'],
      driftManager: 'prodesk',
    });
  });

  it('a value that was taken over and put back is synced, and drift when it changes again', async () => {
    const { app, path } = await establish('ConfigMap');
    await editByHand(path, { data: { DB_HOST: 'x' } }, 'merge-patch');
    await observed.untilState(app, 'drifted');
    await editByHand(path, { data: { DB_HOST: 'mysql' } }, 'merge-patch');
    await observed.untilState(app, 'synced');
    await editByHand(path, { data: { DB_HOST: 'y' } }, 'merge-patch');
    expect((await observed.untilState(app, 'drifted')).drift).toEqual(['/data/DB_HOST']);
  });

  it('managed fields that were wiped do not hide a later change', async () => {
    const { app, path } = await establish('ConfigMap');
    await editByHand(path, { metadata: { managedFields: [{}] } }, 'merge-patch');
    await editByHand(path, { data: { DB_HOST: 'z' } }, 'merge-patch');
    expect((await observed.untilState(app, 'drifted')).drift).toEqual(['/data/DB_HOST']);
  });

  it('an immutable field is drift that names the field', async () => {
    const { app, manifest } = await establish('Deployment');
    const selector = { matchLabels: { app: 'redis', version: '2' } };
    const metadata = { labels: selector.matchLabels };
    observed.desire(app, {
      ...manifest,
      spec: { ...(manifest['spec'] as object), selector, template: { ...pod, metadata } },
    });
    expect((await observed.untilState(app, 'drifted')).drift).toEqual(['/spec/selector']);
    observed.desire(app, manifest);
    await observed.untilState(app, 'synced');
  });

  it('what the API server refuses is unknown with the reason, without stopping the others', async () => {
    await establish('ConfigMap');
    const inLostNamespace = { ...SUBJECTS.ConfigMap.manifest, apiVersion: 'v9' };
    observed.desire('app-refused', inLostNamespace);
    const { problem, state } =
      (await observed.until('app-refused', ({ objects }) => objects[0]?.problem !== undefined)).objects[0] ?? {};
    expect([state, problem]).toEqual(['unknown', 'the API server has no v9/ConfigMap; is its CRD installed?']);
    observed.observer.forget('app-refused');
  });
});

describe('integration/cluster-drift: what is no drift', () => {
  const autoscaled = named('apps/v1', 'Deployment', 'autoscaled', {
    spec: {
      selector: { matchLabels: { app: 'autoscaled' } },
      template: { ...pod, metadata: { labels: { app: 'autoscaled' } } },
    },
  });
  const path = `${apps('deployments')}/autoscaled`;

  it.each<[what: string, act: () => Promise<unknown>, isSeen: (live: Record<string, unknown>) => boolean]>([
    [
      'replicas that an autoscaler sets and we do not',
      () =>
        plane.send({
          method: 'PATCH',
          path: `${path}/scale`,
          body: { spec: { replicas: 4 } },
          contentType: 'application/merge-patch+json',
        }),
      (live) => JSON.stringify(live).includes('"replicas":4'),
    ],
    [
      'an annotation of somebody else',
      () => editByHand(path, { metadata: { annotations: { 'example.com/seen': 'true' } } }),
      (live) => JSON.stringify(live).includes('example.com/seen'),
    ],
    [
      'a variable of somebody else',
      () =>
        editByHand(path, {
          spec: { template: { spec: { containers: [{ name: 'redis', env: [{ name: 'EXTRA', value: '1' }] }] } } },
        }),
      (live) => JSON.stringify(live).includes('EXTRA'),
    ],
  ])('%s', async (_what, act, isSeen) => {
    observed.desire('autoscaled', autoscaled);
    await applyAsEngine(client, path, track(autoscaled, 'autoscaled'));
    await observed.untilState('autoscaled', 'synced');
    await act();
    expect(isSeen(await plane.send({ method: 'GET', path }))).toBe(true);
    const { objects } = await observed.observer.refresh('autoscaled');
    expect(objects.map(({ state, drift }) => [state, drift])).toEqual([['synced', []]]);
  });
});
