import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { keyOf, refOf, type Manifest } from '../../src/app/manifest.js';
import { appUrn, objectUrn } from '../../src/app/resource-name.js';
import { APP_LABEL } from '../../src/app/tracking.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import {
  ID,
  liveOf,
  newTestStack,
  pathOf,
  requestFor,
  startTestCluster,
  webApp,
  type TestCluster,
  type TestStack,
} from '../engine/test-engine.js';

let cluster: TestCluster;
let stack: TestStack;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  stack = await newTestStack(cluster);
});
afterEach(() => stack.stop());

function imageOf(live: Record<string, unknown> | undefined): unknown {
  const { spec } = (live ?? {}) as { spec?: { template: { spec: { containers: { image: string }[] } } } };
  return spec?.template.spec.containers[0]?.image;
}

describe('integration/engine-update', () => {
  it('a first update creates the stack, the namespace and the objects, and exports the outputs', async () => {
    const result = await stack.engine.update(requestFor([webApp('first')]));
    expect(result.failures).toEqual([]);
    expect(
      result.changes.filter(({ operation }) => operation === 'create').map(({ urn }) => urn.split('::').at(-1)),
    ).toEqual(expect.arrayContaining(['first', 'first/Deployment/prodesk/first', 'namespace/prodesk', 'prodesk']));
    expect(imageOf(await liveOf(cluster.plane, pathOf('deployments', 'first')))).toBe('ghcr.io/o/first:v1');
    expect(await stack.engine.outputs()).toEqual({
      images: { first: { 'ghcr.io/o/first': 'x' } },
      fingerprints: { first: 'f' },
    });
  });

  it('an engine that was made ready ahead carries out the next update with the same worker', async () => {
    stack.engine.warm();
    expect((await stack.engine.update(requestFor([webApp('ahead')]))).failures).toEqual([]);
    stack.engine.warm();
    expect((await stack.engine.update(requestFor([webApp('ahead', 'v2')]))).failures).toEqual([]);
    expect(imageOf(await liveOf(cluster.plane, pathOf('deployments', 'ahead')))).toBe('ghcr.io/o/ahead:v2');
    expect(stack.workersStarted()).toBe(1);
  });

  it('a worker that was made ready is not given up as idle before what it waits for', async () => {
    await stack.stop();
    stack = await newTestStack(cluster, { idleMs: 0 });
    stack.engine.warm();
    await stack.engine.outputs();
    expect((await stack.engine.update(requestFor([webApp('awaited')]))).failures).toEqual([]);
    expect(stack.workersStarted()).toBe(1);
  });

  it('a new stack has empty outputs', async () => {
    expect(await stack.engine.outputs()).toEqual({ images: {}, fingerprints: {} });
  });

  it('an update of one application leaves the others alone, and a preview of all shows no change', async () => {
    const [one, two] = [webApp('one'), webApp('two')];
    await stack.engine.update(requestFor([one, two]));
    const before = await liveOf(cluster.plane, pathOf('deployments', 'two'));

    const next = webApp('one', 'v2');
    const result = await stack.engine.update(requestFor([next]));

    const urn = objectUrn(ID, 'one', { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'one' });
    expect(result.changes.filter(({ operation }) => operation !== 'same')).toEqual([
      { urn, operation: 'update', diff: ['/spec/template/spec/containers/0/image'] },
    ]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'two'))).toEqual(before);
    const preview = await stack.engine.preview(requestFor([next, two], { scope: 'whole', adopt: false }));
    expect(preview.failures).toEqual([]);
    expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
  });

  it('objects that left an application are deleted, and an application that is removed is gone; kept objects stay', async () => {
    const claim: Manifest = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'keep', namespace: 'prodesk' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const old = webApp('shrinks', 'v1', [claim]);
    await stack.engine.update(requestFor([old, webApp('shrinks2')]));

    await stack.engine.update(requestFor([{ ...old, objects: old.objects.slice(0, 1) }]));
    expect(await liveOf(cluster.plane, pathOf('deployments', 'shrinks'))).toBeUndefined();
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'shrinks'))).toBeDefined();
    expect(await liveOf(cluster.plane, '/api/v1/namespaces/prodesk/persistentvolumeclaims/keep')).toBeDefined();

    const result = await stack.engine.update(requestFor([], { remove: ['shrinks'] }));
    expect(result.changes).toContainEqual({ urn: appUrn(ID, 'shrinks'), operation: 'delete', diff: [] });
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'shrinks'))).toBeUndefined();
    expect(await liveOf(cluster.plane, pathOf('deployments', 'shrinks2'))).toBeDefined();
  });

  it('removing what was never there does nothing, least of all to others', async () => {
    await stack.engine.update(requestFor([webApp('stays')]));
    expect((await stack.engine.update(requestFor([], { remove: ['ghost'] }))).changes).toEqual([]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'stays'))).toBeDefined();
  });

  it('objects that are somebody else’s by now are not deleted, but left out of the state, and told', async () => {
    const config = (name: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'prodesk' },
      data: {},
    });
    const app = webApp('taken', 'v1', [config('relabelled'), config('recreated'), config('ours')]);
    await stack.engine.update(requestFor([app]));
    await cluster.plane.send({
      method: 'PATCH',
      path: pathOf('configmaps', 'relabelled'),
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { [APP_LABEL]: null } } },
    });
    const { metadata } = (await liveOf(cluster.plane, pathOf('configmaps', 'recreated'))) as {
      metadata: { labels: Record<string, string> };
    };
    await cluster.plane.send({ method: 'DELETE', path: pathOf('configmaps', 'recreated') });
    await cluster.plane.send({
      method: 'POST',
      path: '/api/v1/namespaces/prodesk/configmaps',
      body: { metadata: { name: 'recreated', labels: metadata.labels } },
    });

    const result = await stack.engine.update(
      requestFor([{ ...app, objects: app.objects.slice(0, 1) }], { repair: ['taken'] }),
    );

    const urn = (name: string): string => objectUrn(ID, 'taken', refOf(config(name)));
    expect(result.failures).toEqual([]);
    const spared = new Map(result.spared?.map((object) => [object.urn, object.reason]));
    expect(spared).toEqual(
      new Map([
        [urn('relabelled'), `its label ${APP_LABEL} is gone`],
        [urn('recreated'), 'somebody else created it anew'],
      ]),
    );
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'relabelled'))).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'recreated'))).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'ours'))).toBeUndefined();
    expect((await stack.engine.resources()).filter((known) => known.includes('taken/'))).toEqual([urn('taken')]);
    await stack.engine.update(requestFor([], { remove: ['taken'] }));
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'relabelled'))).toBeDefined();
  });

  it('an object that moves to another application in one update stays the same one', async () => {
    const moved: Manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'moves', namespace: 'prodesk' },
      data: {},
    };
    const [from, to] = [webApp('from', 'v1', [moved]), webApp('to')];
    await stack.engine.update(requestFor([from, to]));
    const before = await liveOf(cluster.plane, pathOf('configmaps', 'moves'));

    const result = await stack.engine.update(
      requestFor([
        { ...from, objects: from.objects.slice(0, 3) },
        { ...to, objects: [...to.objects, moved] },
      ]),
    );

    const after = await liveOf(cluster.plane, pathOf('configmaps', 'moves'));
    expect(result).toMatchObject({ failures: [] });
    expect(result.spared).toBeUndefined();
    expect(after).toMatchObject({
      metadata: { uid: (before?.['metadata'] as { uid: string }).uid, labels: { [APP_LABEL]: 'to' } },
    });
  });

  it('a repair writes again what was changed or deleted by hand, and the object stays the same one', async () => {
    const app = webApp('drifts');
    await stack.engine.update(requestFor([app]));
    const before = await liveOf(cluster.plane, pathOf('deployments', 'drifts'));
    await cluster.plane.send({ method: 'DELETE', path: pathOf('configmaps', 'drifts') });
    await cluster.plane.send({
      method: 'PATCH',
      path: pathOf('deployments', 'drifts'),
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 3 } },
    });

    await stack.engine.update(requestFor([app], { repair: ['drifts'] }));

    const after = await liveOf(cluster.plane, pathOf('deployments', 'drifts'));
    expect(after).toMatchObject({ spec: { replicas: 1 } });
    expect((after?.['metadata'] as { uid: string }).uid).toBe((before?.['metadata'] as { uid: string }).uid);
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'drifts'))).toMatchObject({ data: { greeting: 'hello' } });
  });

  it('a field that others may write keeps their value when the rest of its object is updated or repaired', async () => {
    const key = keyOf({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'scaled' });
    const scaled = (tag: string): DeployApp => ({ ...webApp('scaled', tag), ignored: { [key]: ['/spec/replicas'] } });
    await stack.engine.update(requestFor([scaled('v1')]));
    expect(await liveOf(cluster.plane, pathOf('deployments', 'scaled'))).toMatchObject({ spec: { replicas: 1 } });
    await cluster.plane.send({
      method: 'PATCH',
      path: `${pathOf('deployments', 'scaled')}?fieldManager=autoscaler`,
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 3 } },
    });

    await stack.engine.update(requestFor([scaled('v2')]));
    const updated = await liveOf(cluster.plane, pathOf('deployments', 'scaled'));
    expect(imageOf(updated)).toBe('ghcr.io/o/scaled:v2');
    expect(updated).toMatchObject({ spec: { replicas: 3 } });

    await cluster.plane.send({
      method: 'PATCH',
      path: `${pathOf('deployments', 'scaled')}?fieldManager=someone`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { [APP_LABEL]: 'nobody' } } },
    });
    await stack.engine.update(requestFor([scaled('v2')], { repair: ['scaled'] }));
    const repaired = await liveOf(cluster.plane, pathOf('deployments', 'scaled'));
    expect(repaired).toMatchObject({ spec: { replicas: 3 }, metadata: { labels: { [APP_LABEL]: 'scaled' } } });
  });

  it('an object that exists already is adopted when asked, else a failure of its application', async () => {
    const app = webApp('adopted');
    await stack.engine.update(requestFor([webApp('other')]));
    await cluster.plane.send({
      method: 'POST',
      path: '/api/v1/namespaces/prodesk/configmaps',
      body: { metadata: { name: 'adopted' }, data: { greeting: 'by hand' } },
    });

    const refused = await stack.engine.update(requestFor([app], { adopt: false }));
    expect(refused.failures).toEqual([
      expect.objectContaining({ app: 'adopted', message: expect.stringContaining('already exists') as unknown }),
    ]);
    const adopted = await stack.engine.update(requestFor([app]));
    expect(adopted.failures).toEqual([]);
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'adopted'))).toMatchObject({ data: { greeting: 'hello' } });
  });

  it('a ConfigMap that is refused does not take the workloads with it that wait for it', async () => {
    const app = webApp('waits');
    await stack.engine.update(requestFor([app, webApp('bystander')]));
    const live = (): ReturnType<typeof liveOf> => liveOf(cluster.plane, pathOf('deployments', 'waits'));
    /** Then its controller has nothing more to write to it: its pod is never scheduled. */
    await expect.poll(live, { timeout: 30_000 }).toMatchObject({ status: { updatedReplicas: 1 } });
    const before = await live();
    const [config, ...rest] = app.objects;
    const broken = { ...app, objects: [{ ...(config as Manifest), data: { 'not a key!': 'x' } }, ...rest] };

    const result = await stack.engine.update(requestFor([broken, webApp('bystander', 'v2')]));

    expect(result.failures.map(({ app: name }) => name)).toEqual(['waits']);
    expect(await live()).toEqual(before);
    expect(imageOf(await liveOf(cluster.plane, pathOf('deployments', 'bystander')))).toBe('ghcr.io/o/bystander:v2');

    const mended = await stack.engine.update(requestFor([webApp('waits', 'v3')]));
    expect(mended.failures).toEqual([]);
    expect(imageOf(await live())).toBe('ghcr.io/o/waits:v3');
  });

  it('an object that the API server refuses fails alone, without secret values in the message', async () => {
    const bad: Manifest = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'bad', namespace: 'prodesk' },
      spec: { type: secretMarker('word'), ports: [{ port: 80 }] },
    };
    await stack.pulumi('stack', 'init', ID.stack);
    await stack.pulumi('config', 'set', '--secret', 'prodesk:word', 'xyzzy-plugh');

    const result = await stack.engine.update(requestFor([webApp('fails', 'v1', [bad]), webApp('works')]));

    expect(result.failures).toHaveLength(1);
    expect(result.failures[0]).toMatchObject({
      app: 'fails',
      urn: expect.stringContaining('Service/prodesk/bad') as unknown,
    });
    expect(result.failures[0]?.message).toMatch(/Unsupported value/);
    expect(JSON.stringify(result)).not.toContain('xyzzy-plugh');
    expect(await liveOf(cluster.plane, pathOf('deployments', 'works'))).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('deployments', 'fails'))).toBeDefined();
  });

  it('a secret that is not set is a missing setting, and nothing is touched', async () => {
    await stack.engine.update(requestFor([webApp('needy')]));
    const secret: Manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'prodesk' },
      stringData: { password: secretMarker('unset.password') },
    };
    await expect(stack.engine.update(requestFor([webApp('needy', 'v2', [secret])]))).rejects.toMatchObject({
      code: 'config/missing',
      message:
        'secret prodesk:unset.password is not set; set it with: pulumi config set --secret prodesk:unset.password',
    });
    expect(imageOf(await liveOf(cluster.plane, pathOf('deployments', 'needy')))).toBe('ghcr.io/o/needy:v1');
  });

  it('the state does not tell from which lines of the program resources were made', async () => {
    await stack.engine.update(requestFor([webApp('web', 'v1')]));
    const state = await readFile(stack.stateFile, 'utf8');
    expect(state).toContain('web');
    expect(state).not.toMatch(/stackTrace|sourcePosition/);
  });

  it('secret values are nowhere in the state, and right in the cluster', async () => {
    const secret: Manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hidden', namespace: 'prodesk' },
      stringData: { conf: `password ${secretMarker('word')}\n` },
    };
    await stack.pulumi('stack', 'init', ID.stack);
    await stack.pulumi('config', 'set', '--secret', 'prodesk:word', 'xyzzy-plugh');
    await stack.engine.update(requestFor([webApp('secretive', 'v1', [secret])]));

    const encoded = Buffer.from('password xyzzy-plugh\n').toString('base64');
    expect(await liveOf(cluster.plane, '/api/v1/namespaces/prodesk/secrets/hidden')).toMatchObject({
      data: { conf: encoded },
    });
    const state = await readFile(stack.stateFile, 'utf8');
    expect(state).not.toContain('xyzzy');
    expect(state).not.toContain(encoded);
  });
});
