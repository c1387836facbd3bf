import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { runProdesk } from '../support/prodesk.js';
import { type RunningStage, startStage, tagOf } from './running-stage.js';

const IMAGE = 'ghcr.io/sijunkim/shop';
const JOBS = '/apis/batch/v1/namespaces/shop/jobs';

/** An application whose image migrates its database, before two waves, and is tried at the end. */
function program(note: string): string {
  return `import { defineApp, newestBuild } from '../../src/app/index.js';
import { ConfigMap, inWave, Job, values, Worker } from '../../src/constructs/index.js';

const IMAGE = '${IMAGE}';

export const app = defineApp({
  namespace: 'shop',
  images: [newestBuild(IMAGE, { allow: '^master-' })],
  build(scope) {
    const image = \`\${IMAGE}:master-placeholder\`;
    const once = { image, retries: 0, restartPolicy: 'Never' } as const;
    new Job(scope, 'migrate', { ...once, name: 'migrate', hook: 'pre-sync' });
    new Worker(scope, 'db', { name: 'db', image: 'mysql:8.0.37', environment: [values({ NOTE: '${note}' })] });
    inWave(1, new Worker(scope, 'web', { name: 'web', image }));
    inWave(1, new ConfigMap(scope, 'config', { name: 'web', data: { note: '${note}' } }));
    new Job(scope, 'smoke', { name: 'smoke', image: 'curlimages/curl:8', hook: 'post-sync' });
  },
});
`;
}

interface Live {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { image: string }[] } } };
  readonly status?: { readonly completionTime?: string };
}

let running: RunningStage;

beforeAll(async () => {
  running = await startStage();
});
afterAll(() => running.stop());

function push(note: string): Promise<string> {
  return pushCommit(running.stage.remote, `Shop: ${note}`, async (clone) => {
    await mkdir(join(clone, 'apps/shop'), { recursive: true });
    await writeFile(join(clone, 'apps/shop/app.ts'), program(note));
  });
}

async function get(path: string): Promise<Live | undefined> {
  const { status, body } = await running.stage.api.send({ path });
  return status === 404 ? undefined : (body as Live);
}

const deployment = (name: string): Promise<Live | undefined> =>
  get(`/apis/apps/v1/namespaces/shop/deployments/${name}`);
const imageOf = (live: Live | undefined): string | undefined => live?.spec.template.spec.containers[0]?.image;

async function jobs(name: string): Promise<Live[]> {
  const { items } = (await running.stage.api.call({ path: JOBS })) as { items: Live[] };
  return items.filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
}

const isWell = ({ sync, health }: { sync: string; health: { status: string } }): boolean =>
  sync === 'Synced' && health.status === 'Healthy';

/** Waits until the application is well, and its last hook has ended. */
async function waitForAll(tag: string): Promise<void> {
  await running.stage.waitForApp(
    'shop',
    `${tag} Synced and Healthy`,
    (app) => isWell(app) && app.images[IMAGE] === tag,
  );
  await waitUntil(async () => (await jobs('smoke')).every(({ status }) => status?.completionTime !== undefined), {
    what: 'the hook after the sync',
  });
}

describe('e2e/stages', () => {
  it('a first sync runs the hook, then one wave after the other, then the last hook', async () => {
    await running.stage.pushImage(IMAGE, tagOf(1));
    await running.stage.pushImage('mysql', '8.0.37');
    await running.stage.pushImage('curlimages/curl', '8');
    await push('first');
    await waitForAll(tagOf(1));
    const [migrate] = await jobs('migrate');
    const [smoke] = await jobs('smoke');
    const times = [
      migrate?.status?.completionTime,
      (await deployment('db'))?.metadata.creationTimestamp,
      (await deployment('web'))?.metadata.creationTimestamp,
      smoke?.metadata.creationTimestamp,
    ];
    expect(times).toEqual([...times].sort());
    expect(imageOf(migrate)).toBe(`${IMAGE}:${tagOf(1)}`);
  });

  it('a repair runs no hook', async () => {
    const before = await jobs('migrate');
    const uid = (await deployment('web'))?.metadata.uid;
    await running.stage.api.call({ method: 'DELETE', path: '/apis/apps/v1/namespaces/shop/deployments/web' });
    await waitUntil(async () => ![undefined, uid].includes((await deployment('web'))?.metadata.uid), { what: 'web' });
    await waitForAll(tagOf(1));
    expect((await jobs('migrate')).map(({ metadata }) => metadata.uid)).toEqual(
      before.map(({ metadata }) => metadata.uid),
    );
  });

  it('an image whose migration fails is not deployed, and the next one is', async () => {
    await running.stage.pushImage(IMAGE, tagOf(2), { behavior: 'crash' });
    const failed = await running.stage.waitForApp('shop', 'a failed hook', ({ problems }) => problems.length > 0);
    expect(failed.problems).toMatchObject([{ code: 'hook/failed' }]);
    expect(failed.message).toMatch(/pre-sync hook Job shop\/migrate-\w+ failed/);
    expect(imageOf(await deployment('web'))).toBe(`${IMAGE}:${tagOf(1)}`);

    await running.stage.pushImage(IMAGE, tagOf(3));
    await waitForAll(tagOf(3));
    expect(imageOf(await deployment('web'))).toBe(`${IMAGE}:${tagOf(3)}`);
    expect((await jobs('migrate')).map(imageOf)).toEqual([`${IMAGE}:${tagOf(3)}`]);
    expect(await jobs('smoke')).toHaveLength(1);
  });

  it('killed while a hook runs, the daemon awaits it and runs it once; a commit in between waits as well', async () => {
    await running.stage.pushImage(IMAGE, tagOf(4), { behavior: 'never-ready' });
    const isNew = (live: Live): boolean => imageOf(live) === `${IMAGE}:${tagOf(4)}`;
    const job = await waitUntil(async () => (await jobs('migrate')).find(isNew), { what: 'the hook' });
    process.kill(running.daemon.pid, 'SIGKILL');
    await running.daemon.exited;
    await push('second');
    running.daemon = await running.stage.startDaemon();
    const { name, uid } = job.metadata;
    await running.stage.waitForApp('shop', 'the wait', ({ message }) => message?.includes(`Job shop/${name}`) === true);
    expect((await jobs('migrate')).filter(isNew).map(({ metadata }) => metadata.uid)).toEqual([uid]);
    expect(imageOf(await deployment('web'))).toBe(`${IMAGE}:${tagOf(3)}`);

    await running.stage.pushImage(IMAGE, tagOf(5));
    await finish(name);
    await waitForAll(tagOf(5));
    const { body } = await running.stage.api.send({ path: '/api/v1/namespaces/shop/configmaps/web' });
    expect(body).toMatchObject({ data: { note: 'second' } });
    expect((await jobs('migrate')).map(imageOf)).toEqual([`${IMAGE}:${tagOf(5)}`]);
  });

  it('a failed hook is repeated when a person asks', async () => {
    await running.stage.pushImage(IMAGE, tagOf(6), { behavior: 'crash' });
    await running.stage.waitForApp('shop', 'a failed hook', ({ problems }) => problems.length > 0);
    const failed = (await jobs('migrate')).find((live) => imageOf(live) === `${IMAGE}:${tagOf(6)}`);
    await running.stage.pushImage(IMAGE, tagOf(6));
    const ended = await runProdesk(['sync', 'shop'], running.stage.env);
    expect(ended).toMatchObject({ code: 0 });
    expect((await running.stage.client.status()).apps.find(({ name }) => name === 'shop')).toMatchObject({
      sync: 'Synced',
      health: { status: 'Healthy' },
    });
    await waitForAll(tagOf(6));
    const [again] = await jobs('migrate');
    expect(again?.metadata.name).toBe(failed?.metadata.name);
    expect(again?.metadata.uid).not.toBe(failed?.metadata.uid);
  });
});

/** Lets the pods of a Job end well. */
async function finish(job: string): Promise<void> {
  const selector = encodeURIComponent(`job-name=${job}`);
  const { items } = (await running.stage.api.call({
    path: `/api/v1/namespaces/shop/pods?labelSelector=${selector}`,
  })) as {
    items: Live[];
  };
  for (const { metadata } of items) {
    await running.stage.api.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/shop/pods/${metadata.name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { phase: 'Succeeded', containerStatuses: [] } },
    });
  }
}
