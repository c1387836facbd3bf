import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { keyOf, type Manifest } from '../../src/app/manifest.js';
import { HOOK_ANNOTATION, WAVE_ANNOTATION } from '../../src/app/stages.js';
import { liveOf, newTestStack, pathOf, requestFor, startTestCluster } from '../engine/test-engine.js';
import type { TestCluster, TestStack } from '../engine/test-engine.js';

let cluster: TestCluster;
let stack: TestStack;

beforeAll(async () => {
  cluster = await startTestCluster();
}, 900_000);

afterAll(() => cluster.stop());

beforeEach(async () => {
  stack = await newTestStack(cluster);
});

afterEach(() => stack.stop());

function config(name: string, wave: number, text: string): Manifest {
  const annotations = { [WAVE_ANNOTATION]: String(wave) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'prodesk', annotations }, data: { text } };
}

function hook(name: string, phase = 'pre-sync'): Manifest {
  const annotations = { [HOOK_ANNOTATION]: phase };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'prodesk', annotations },
    spec: {
      activeDeadlineSeconds: 60,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'migrate:1' }] } },
    },
  };
}

const appOf = (name: string, objects: readonly Manifest[], extent?: DeployApp['extent']): DeployApp => ({
  name,
  namespace: 'prodesk',
  createNamespace: true,
  objects,
  ...(extent && { extent }),
});

const firstOf = (objects: readonly Manifest[], count: number): DeployApp['extent'] => ({
  untouched: objects.slice(count).map(keyOf),
  keepsRest: true,
  anew: [],
});

const jobPath = (name: string): string => `/apis/batch/v1/namespaces/prodesk/jobs/${name}`;
const textOf = async (name: string): Promise<unknown> =>
  ((await liveOf(cluster.plane, pathOf('configmaps', name)))?.['data'] as { text?: string } | undefined)?.text;
const uidOf = async (path: string): Promise<unknown> =>
  ((await liveOf(cluster.plane, path))?.['metadata'] as { uid?: string } | undefined)?.uid;

async function update(app: DeployApp, more: Parameters<typeof requestFor>[1] = {}): Promise<void> {
  expect((await stack.engine.update(requestFor([app], more))).failures).toEqual([]);
}

describe('integration/engine-stages', { timeout: 120_000 }, () => {
  it('a run makes and changes only what it touches, and what left the application goes with the last one', async () => {
    const old = [
      hook('go-1'),
      config('one', 0, 'old'),
      config('two', 1, 'old'),
      config('gone', 0, 'old'),
      hook('end-1', 'post-sync'),
    ];
    await update(appOf('staged', old, firstOf(old, 1)));
    expect(await uidOf(jobPath('go-1'))).toBeDefined();
    expect(await textOf('one')).toBeUndefined();
    await update(appOf('staged', old));
    expect(await Promise.all(['one', 'two', 'gone'].map(textOf))).toEqual(['old', 'old', 'old']);

    const next = [hook('go-2'), config('one', 0, 'new'), config('two', 1, 'new')];
    await update(appOf('staged', next, firstOf(next, 1)));
    expect(await Promise.all(['one', 'two', 'gone'].map(textOf))).toEqual(['old', 'old', 'old']);
    expect(await uidOf(jobPath('go-2'))).toBeDefined();
    expect(await uidOf(jobPath('go-1'))).toBeDefined();

    await update(appOf('staged', next, firstOf(next, 2)));
    expect(await Promise.all(['one', 'two', 'gone'].map(textOf))).toEqual(['new', 'old', 'old']);

    await update(appOf('staged', next));
    expect(await Promise.all(['one', 'two', 'gone'].map(textOf))).toEqual(['new', 'new', undefined]);
    expect(await Promise.all(['go-1', 'end-1'].map((name) => uidOf(jobPath(name))))).toEqual([undefined, undefined]);
    expect(await uidOf(jobPath('go-2'))).toBeDefined();
  });

  it('hooks are left out of a repair and of a rollback, whether they were there before or not', async () => {
    const objects = [hook('never'), config('mended', 0, 'right')];
    const extent = { untouched: [keyOf(hook('never'))], keepsRest: false, anew: [] };
    await update(appOf('hookless', objects, extent));
    expect(await textOf('mended')).toBe('right');
    await cluster.plane.send({ method: 'DELETE', path: pathOf('configmaps', 'mended') });
    await update(appOf('hookless', objects, extent), { repair: ['hookless'] });
    expect(await textOf('mended')).toBe('right');
    expect(await uidOf(jobPath('never'))).toBeUndefined();

    await update(appOf('hookless', objects));
    await cluster.plane.send({ method: 'DELETE', path: `${jobPath('never')}?propagationPolicy=Background` });
    await update(appOf('hookless', objects, extent), { repair: ['hookless'] });
    expect(await uidOf(jobPath('never'))).toBeUndefined();
  });

  it('a failed hook is made anew when asked, one that is there already is adopted as it is', async () => {
    const job = hook('again');
    const objects = [job, config('calm', 0, 'as it is')];
    await update(appOf('repeats', objects));
    const [first, calm] = [await uidOf(jobPath('again')), await uidOf(pathOf('configmaps', 'calm'))];
    await update(appOf('repeats', objects));
    expect(await uidOf(jobPath('again'))).toBe(first);

    await update(appOf('repeats', objects, { untouched: [], keepsRest: false, anew: [keyOf(job)] }));
    const second = await uidOf(jobPath('again'));
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
    expect(await uidOf(pathOf('configmaps', 'calm'))).toBe(calm);

    const other = await newTestStack(cluster);
    const adopted = await other.engine.update(requestFor([appOf('repeats', objects)]));
    await other.stop();
    expect(adopted.failures).toEqual([]);
    expect(await uidOf(jobPath('again'))).toBe(second);
  });
});
