import { rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import type { Manifest } from '../../src/app/manifest.js';
import { findLabelledObjects } from '../../src/cluster/labelled-objects.js';
import type { KubeClient } from '../../src/cluster/client.js';
import { orphansOf } from '../../src/driver/core/orphans.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { application, Scenario } from '../driver/core/scenario.js';
import {
  newTestStack,
  requestFor,
  startTestCluster,
  webApp,
  type TestCluster,
  type TestStack,
} from '../engine/test-engine.js';

const STORAGE = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'local-storage' };
const VOLUME: Manifest = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'data-pv' },
  spec: { ...STORAGE, persistentVolumeReclaimPolicy: 'Retain', hostPath: { path: '/data' } },
};
const CLAIM: Manifest = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'prodesk' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'local-storage',
    volumeName: 'data-pv',
    resources: { requests: { storage: '1Gi' } },
  },
};
const APPS: readonly DeployApp[] = [webApp('one', 'v1', [VOLUME, CLAIM]), webApp('two')];
const COLLECTIONS = [
  '/apis/apps/v1/namespaces/prodesk/deployments',
  '/apis/apps/v1/namespaces/prodesk/replicasets',
  '/api/v1/namespaces/prodesk/pods',
  '/api/v1/namespaces/prodesk/services',
  '/api/v1/namespaces/prodesk/configmaps',
  '/api/v1/namespaces/prodesk/persistentvolumeclaims',
  '/api/v1/persistentvolumes',
];

interface Live {
  readonly metadata: { readonly uid: string; readonly name: string; readonly generation?: number };
}

let cluster: TestCluster;
let stack: TestStack;
let client: KubeClient;

beforeAll(async () => {
  cluster = await startTestCluster();
  client = cluster.plane.client();
  stack = await newTestStack(cluster);
  await stack.engine.update(requestFor(APPS));
  await waitUntil(async () => (await identities()).filter((one) => one.includes('/pods ')).length === 2, {
    what: 'the pods of both applications',
  });
});
afterAll(async () => {
  await client.close();
  await stack.stop();
  await cluster.stop();
});

/** Every object with its identity, and with what changes when somebody changes its definition. */
async function identities(): Promise<string[]> {
  const found: string[] = [];
  for (const path of COLLECTIONS) {
    const { items } = (await cluster.plane.send({ method: 'GET', path })) as { items: readonly Live[] };
    found.push(...items.map(({ metadata: { name, uid, generation = 0 } }) => `${path} ${name} ${uid} ${generation}`));
  }
  return found.sort();
}

/** The copies by which a state that cannot be read would be restored. */
async function removeCopies(): Promise<void> {
  await rm(join(stack.directory, 'backend', '.pulumi', 'history'), { recursive: true, force: true });
  await rm(`${stack.stateFile}.bak`, { force: true });
}

const DAMAGES: readonly (readonly [string, () => Promise<void>])[] = [
  ['cut off in the middle', () => truncate(stack.stateFile, 1_000)],
  ['empty', () => truncate(stack.stateFile, 0)],
  ['garbage', () => writeFile(stack.stateFile, Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x22, 0x80]))],
  ['some other JSON', () => writeFile(stack.stateFile, '{"version": 3, "checkpoint": 7}')],
  ['deleted', () => rm(stack.stateFile)],
  ['deleted with its folder', () => rm(dirname(dirname(stack.stateFile)), { recursive: true })],
];

describe('integration/state-loss', () => {
  it.each(DAMAGES)(
    'a state that is %s, without any copy, is built anew from objects that stay',
    async (_what, damage) => {
      const before = await identities();
      await removeCopies();
      await damage();
      await stack.engine.recover();
      expect(await stack.engine.outputs()).toEqual({ images: {}, fingerprints: {} });

      const result = await stack.engine.update(requestFor(APPS));

      expect(result.failures).toEqual([]);
      expect(await identities()).toEqual(before);
      expect(Object.keys((await stack.engine.outputs()).fingerprints).sort()).toEqual(['one', 'two']);
    },
  );

  it('a state that disappears while the daemon runs is noticed before anything is forgotten', async () => {
    const before = await identities();
    await removeCopies();
    await rm(stack.stateFile);
    const lost = { code: 'engine/state-lost', message: expect.stringContaining(stack.stateFile) as unknown };
    await expect(stack.engine.update(requestFor([APPS[1] ?? webApp('two')]))).rejects.toMatchObject(lost);
    await stack.engine.recover();
    expect(await stack.engine.outputs()).toEqual({ images: {}, fingerprints: {} });
    expect((await stack.engine.update(requestFor(APPS))).failures).toEqual([]);
    expect(await identities()).toEqual(before);
  });

  it('what is defined nowhere any more stays, and is found by its label', async () => {
    await removeCopies();
    await rm(stack.stateFile);
    await stack.engine.recover();
    const before = await identities();
    await stack.engine.update(requestFor([webApp('one')], { remove: ['two'] }));
    expect(await identities()).toEqual(before);

    const { objects, unseen } = await findLabelledObjects(client);
    const state = new Scenario().settled({ ...application('one'), objects: webApp('one').objects }).state;
    const orphans = orphansOf(state, objects, await stack.engine.resources());

    expect(unseen).toEqual([]);
    expect(orphans.map(({ app, ref, isKept }) => `${app} ${ref.kind} ${ref.name}${isKept ? ' kept' : ''}`)).toEqual([
      'one PersistentVolume data-pv kept',
      'one PersistentVolumeClaim data kept',
      'two Deployment two',
      'two ConfigMap two',
      'two Service two',
    ]);
  });

  it('a whole update of a laptop after that changes nothing', async () => {
    await stack.engine.update(requestFor(APPS));
    const preview = await stack.engine.preview(requestFor(APPS, { scope: 'whole', adopt: false }));
    expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
  });
});
