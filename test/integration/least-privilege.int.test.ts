import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../src/app/desired-state.js';
import { leastPrivilege } from '../../src/app/least-privilege.js';
import type { Manifest } from '../../src/app/manifest.js';
import { resourceNames } from '../../src/app/resource-names.js';
import { track } from '../../src/app/tracking.js';
import type { KubeClient } from '../../src/cluster/client.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { applyAsEngine, Observed } from '../cluster/observed-app.js';

const POD = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'example.com/web:1' }] },
};
const SELECTOR = { matchLabels: { app: 'web' } };
const object = (apiVersion: string, kind: string, more: object, namespace: string | undefined = 'home'): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: `web-${kind.toLowerCase()}`, ...(namespace !== undefined && { namespace }) },
  ...more,
});
const CAPACITY = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } };
const OBJECTS: readonly Manifest[] = [
  object('v1', 'ConfigMap', { data: { a: '1' } }),
  object('v1', 'Secret', { data: { a: 'MQ==' } }),
  object('v1', 'Service', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  object('apps/v1', 'Deployment', { spec: { selector: SELECTOR, template: POD } }),
  object('apps/v1', 'StatefulSet', { spec: { serviceName: 'web', selector: SELECTOR, template: POD } }),
  object('batch/v1', 'CronJob', {
    spec: {
      schedule: '0 0 * * *',
      jobTemplate: { spec: { template: { spec: { ...POD.spec, restartPolicy: 'Never' } } } },
    },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
  object('rbac.authorization.k8s.io/v1', 'Role', {
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
  }),
  { ...object('v1', 'PersistentVolume', { spec: CAPACITY }), metadata: { name: 'web-volume' } },
];
const APP: DesiredApp = {
  name: 'web',
  namespace: 'home',
  sync: { automated: true, prune: true, selfHeal: true, createNamespace: true },
  images: [],
  objects: OBJECTS,
};
const resourceOf = resourceNames(OBJECTS);

describe('integration/least-privilege', () => {
  let plane: TestControlPlane;
  let client: KubeClient;
  let token = '';

  beforeAll(async () => {
    plane = await TestControlPlane.start();
    for (const name of ['home', 'other', 'prodesk']) {
      await plane.send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
    }
    for (const role of leastPrivilege([APP], { name: 'driver', namespace: 'prodesk' })) {
      await plane.send({ method: 'POST', path: folderOf(role), body: role });
    }
    const path = '/api/v1/namespaces/prodesk/serviceaccounts/driver/token';
    const { status } = await plane.send({ method: 'POST', path, body: { spec: { expirationSeconds: 3600 } } });
    ({ token } = status as { token: string });
    client = plane.client({ identity: { kind: 'token', token } });
  });
  afterAll(async () => {
    await client.close();
    await plane.stop();
  });

  it('the daemon applies, watches, looks at and deletes every object of the applications', async () => {
    for (const one of OBJECTS) {
      await applyAsEngine(client, pathOf(one), track(one, 'web'));
    }
    const observed = await new Observed(plane, { client }).start();
    observed.desire('web', ...OBJECTS);
    await observed.untilState('web', 'synced');
    expect((await observed.observer.refresh('web')).objects.map(({ problem }) => problem)).toEqual(
      OBJECTS.map(() => undefined),
    );
    await observed.observer.stop();
    for (const one of OBJECTS) {
      await request('DELETE', pathOf(one));
    }
  });

  it('it makes a namespace, and cannot delete one', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } };
    await applyAsEngine(client, '/api/v1/namespaces/fresh', namespace);
    await expect(request('DELETE', '/api/v1/namespaces/fresh')).rejects.toThrow('403');
  });

  it.each([
    ['write to another namespace', 'PATCH', '/api/v1/namespaces/other/configmaps/x?fieldManager=x'],
    ['write a kind that no application has', 'PATCH', '/apis/batch/v1/namespaces/home/jobs/x?fieldManager=x'],
    ['see a kind that no application has', 'GET', '/api/v1/nodes'],
    ['see pods of other namespaces', 'GET', '/api/v1/namespaces/other/pods'],
    ['give itself a role of the cluster', 'PATCH', `/apis/rbac.authorization.k8s.io/v1/clusterroles/x?fieldManager=x`],
    ['run a command in a pod', 'GET', '/api/v1/namespaces/home/pods/x/exec?command=id'],
  ])('it cannot %s', async (_what, method, path) => {
    await expect(request(method, path)).rejects.toThrow('403');
  });

  function request(method: string, path: string): Promise<unknown> {
    return plane.send({ method, path, token, contentType: 'application/apply-patch+yaml', ...bodyOf(method) });
  }
});

function bodyOf(method: string): { readonly body?: object } {
  return method === 'PATCH' ? { body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } } } : {};
}

function folderOf(one: Manifest): string {
  const { group, resource } = resourceOf(one);
  const root = group === '' ? '/api/v1' : `/apis/${one.apiVersion}`;
  const { namespace } = one.metadata;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}

function pathOf(one: Manifest): string {
  return `${folderOf(one)}/${one.metadata.name}`;
}
