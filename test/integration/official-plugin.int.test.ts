import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { keyOf } from '../../src/app/manifest.js';
import type { Manifest } from '../../src/app/manifest.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import type { Engine, UpdateResult } from '../../src/engine/port.js';
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
import { installOfficialPlugin } from '../support/official-plugin.js';

let home: string;
let cluster: TestCluster;
let stack: TestStack;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'prodesk-official-'));
  await installOfficialPlugin(home, (line) => process.stderr.write(`${line}\n`));
  cluster = await startTestCluster();
});
afterAll(async () => {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  stack = await newTestStack(cluster, { officialPlugin: home });
});
afterEach(() => stack.stop());

async function changesOf(engine: Engine, apps: readonly DeployApp[]): Promise<UpdateResult['changes']> {
  const { changes, failures } = await engine.preview(requestFor(apps, { scope: 'whole', adopt: false }));
  expect(failures).toEqual([]);
  return changes.filter(({ operation }) => operation !== 'same');
}

async function edit(name: string, replicas: number, fieldManager: string): Promise<void> {
  await cluster.plane.send({
    method: 'PATCH',
    path: `${pathOf('deployments', name)}?fieldManager=${fieldManager}`,
    contentType: 'application/merge-patch+json',
    body: { spec: { replicas } },
  });
}

const secret: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'hidden', namespace: 'prodesk' },
  stringData: { conf: `password ${secretMarker('word')}\n` },
};

function withImage(name: string, tag: string): object {
  return { spec: { template: { spec: { containers: [{ name, image: `ghcr.io/o/${name}:${tag}` }] } } } };
}

function uidOf(live: Record<string, unknown> | undefined): string {
  return (live?.['metadata'] as { uid: string }).uid;
}

describe('integration/official-plugin', () => {
  it('applications are created, one alone gets a new image, and a preview of all shows no change', async () => {
    await stack.pulumi('stack', 'init', ID.stack);
    await stack.pulumi('config', 'set', '--secret', 'prodesk:word', 'xyzzy-plugh');
    const one = (tag: string): DeployApp => webApp('one', tag, [secret]);
    const created = await stack.engine.update(requestFor([one('v1'), webApp('two')]));
    expect(created.failures).toEqual([]);

    const updated = await stack.engine.update(requestFor([one('v2')]));

    expect(updated.changes.map(({ operation }) => operation).filter((operation) => operation !== 'same')).toEqual([
      'update',
    ]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'one'))).toMatchObject(withImage('one', 'v2'));
    expect(await liveOf(cluster.plane, pathOf('deployments', 'two'))).toMatchObject(withImage('two', 'v1'));
    expect(await changesOf(stack.engine, [one('v2'), webApp('two')])).toEqual([]);
    const encoded = Buffer.from('password xyzzy-plugh\n').toString('base64');
    expect(await liveOf(cluster.plane, '/api/v1/namespaces/prodesk/secrets/hidden')).toMatchObject({
      data: { conf: encoded },
    });
    const state = await readFile(stack.stateFile, 'utf8');
    expect(state).toContain('hidden');
    expect(state).not.toContain('xyzzy');
    expect(state).not.toContain(encoded);
  });

  it('what was changed or deleted by hand is repaired, the object stays the same one, and a field of others is left alone', async () => {
    const key = keyOf({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'scaled' });
    const apps = [webApp('drifts'), { ...webApp('scaled'), ignored: { [key]: ['/spec/replicas'] } }];
    await stack.engine.update(requestFor(apps));
    const before = await liveOf(cluster.plane, pathOf('deployments', 'drifts'));
    await cluster.plane.send({ method: 'DELETE', path: pathOf('configmaps', 'drifts') });
    await cluster.plane.send({ method: 'DELETE', path: pathOf('services', 'scaled') });
    await edit('drifts', 3, 'kubectl-edit');
    await edit('scaled', 3, 'autoscaler');

    await stack.engine.update(requestFor(apps, { repair: ['drifts', 'scaled'] }));

    const after = await liveOf(cluster.plane, pathOf('deployments', 'drifts'));
    expect(after).toMatchObject({ spec: { replicas: 1 } });
    expect(uidOf(after)).toBe(uidOf(before));
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'drifts'))).toMatchObject({ data: { greeting: 'hello' } });
    expect(await liveOf(cluster.plane, pathOf('services', 'scaled'))).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('deployments', 'scaled'))).toMatchObject({ spec: { replicas: 3 } });
  });

  it('existing objects are adopted without being replaced; what left an application is deleted, and data stays', async () => {
    const metadata = { name: 'data', namespace: 'prodesk' };
    const data: Manifest = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await stack.engine.update(requestFor([webApp('bystander')]));
    const byHand = { metadata: { name: 'adopted' }, data: { greeting: 'by hand' } };
    const made = await cluster.plane.send({
      method: 'POST',
      path: '/api/v1/namespaces/prodesk/configmaps',
      body: byHand,
    });

    const adopted = await stack.engine.update(requestFor([webApp('adopted', 'v1', [data])]));
    expect(adopted.failures).toEqual([]);
    const live = await liveOf(cluster.plane, pathOf('configmaps', 'adopted'));
    expect(live).toMatchObject({ data: { greeting: 'hello' } });
    expect(uidOf(live)).toBe(uidOf(made));

    const result = await stack.engine.update(requestFor([], { remove: ['adopted'] }));
    expect(result.failures).toEqual([]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'adopted'))).toBeUndefined();
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'adopted'))).toBeUndefined();
    expect(await liveOf(cluster.plane, '/api/v1/namespaces/prodesk/persistentvolumeclaims/data')).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('deployments', 'bystander'))).toBeDefined();
  });

  it('an object that somebody else created anew is not deleted with its application', async () => {
    await stack.engine.update(requestFor([webApp('taken')]));
    const { metadata } = (await liveOf(cluster.plane, pathOf('configmaps', 'taken'))) as {
      metadata: { labels: Record<string, string> };
    };
    await cluster.plane.send({ method: 'DELETE', path: pathOf('configmaps', 'taken') });
    const anew = { metadata: { name: 'taken', labels: metadata.labels }, data: { greeting: 'theirs' } };
    await cluster.plane.send({ method: 'POST', path: '/api/v1/namespaces/prodesk/configmaps', body: anew });

    const result = await stack.engine.update(requestFor([], { remove: ['taken'] }));

    expect(result.failures).toEqual([]);
    expect(result.spared?.map(({ reason }) => reason)).toEqual(['somebody else created it anew']);
    expect(await liveOf(cluster.plane, pathOf('configmaps', 'taken'))).toMatchObject({ data: { greeting: 'theirs' } });
    expect(await liveOf(cluster.plane, pathOf('deployments', 'taken'))).toBeUndefined();
  });

  it('what the API server refuses fails alone', async () => {
    const metadata = { name: 'bad', namespace: 'prodesk' };
    const bad: Manifest = { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'Strange', ports: [] } };

    const result = await stack.engine.update(requestFor([webApp('fails', 'v1', [bad]), webApp('works')]));

    expect(result.failures.map(({ app }) => app)).toEqual(['fails']);
    expect(result.failures[0]?.message).toMatch(/Unsupported value/);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'works'))).toBeDefined();
    expect(await liveOf(cluster.plane, pathOf('deployments', 'fails'))).toBeDefined();
  });

  it('the state that one plugin wrote, the other one continues without a change', async () => {
    await stack.pulumi('stack', 'init', ID.stack);
    await stack.pulumi('config', 'set', '--secret', 'prodesk:word', 'xyzzy-plugh');
    const app = (tag: string): DeployApp => webApp('shared', tag, [secret]);
    await stack.otherEngine.update(requestFor([app('v1')]));
    const before = await liveOf(cluster.plane, pathOf('deployments', 'shared'));

    expect(await changesOf(stack.engine, [app('v1')])).toEqual([]);
    await stack.engine.update(requestFor([app('v2')]));
    expect(await changesOf(stack.otherEngine, [app('v2')])).toEqual([]);
    await stack.otherEngine.update(requestFor([app('v3')]));
    await edit('shared', 4, 'kubectl-edit');
    await stack.engine.update(requestFor([app('v3')], { repair: ['shared'] }));

    const after = await liveOf(cluster.plane, pathOf('deployments', 'shared'));
    expect(after).toMatchObject({ ...withImage('shared', 'v3') });
    expect(after).toMatchObject({ spec: { replicas: 1 } });
    expect(uidOf(after)).toBe(uidOf(before));
    expect(await changesOf(stack.otherEngine, [app('v3')])).toEqual([]);
    expect(await changesOf(stack.engine, [app('v3')])).toEqual([]);
  });
});
