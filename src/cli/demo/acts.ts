import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StalledError } from '../../base/errors.js';
import type { AppStatus, DriverStatus } from '../../driver/core/summarize.js';
import { pushCommit } from '../../sandbox/git-remote.js';
import type { SupervisedProcess } from '../../sandbox/supervised-process.js';
import { waitUntil } from '../../sandbox/wait-until.js';
import { HELLO_APP } from './hello-app.js';
import type { DemoReport } from './report.js';
import type { Stage } from './stage.js';

const IMAGE = 'ghcr.io/sijunkim/naver-news-spring';
const DEPLOYMENT = '/apis/apps/v1/namespaces/prodesk/deployments/naver-news';
const CONFIG_MAP = '/api/v1/namespaces/prodesk/configmaps/naver-news-config';
const SERVICE = '/api/v1/namespaces/prodesk/services/naver-news';
const MANUAL_APP = 'redis';

/** Plays the whole demo on a stage. Gives the daemon that runs at the end. */
export async function play(stage: Stage, report: DemoReport): Promise<SupervisedProcess> {
  let daemon = await stage.startDaemon();
  await report.step('first sync of all applications', () => firstSync(stage));
  await report.step('infra change by a push to Git', () => infraChange(stage));
  await report.step('new image by a push to the registry', () => newImage(stage));
  await report.step('tag that the filter rejects is ignored', () => rejectedTag(stage));
  await report.step('broken image is rolled back', () => brokenImage(stage));
  await report.step('application added by a folder', () => addApp(stage));
  await report.step('application removed and pruned, its data kept', () => removeApp(stage));
  await report.step('manual edit is healed', () => healEdit(stage));
  await report.step('manual delete is healed', () => healDelete(stage));
  await report.step('manual-sync application is reported, then synced on command', () => manualSync(stage));
  await report.step('bad commit is reported and survived', () => badCommit(stage));
  await report.step('daemon killed during an update recovers by itself', async () => {
    const [next, detail] = await killDaemon(stage, daemon);
    daemon = next;
    return detail;
  });
  await report.step("a developer's pulumi preview shows no change", async () => {
    await stage.previewAsDeveloper();
    return 'pulumi preview --expect-no-changes in a fresh clone';
  });
  return daemon;
}

async function firstSync(stage: Stage): Promise<string> {
  const status = await stage.waitFor('all automated applications Synced and Healthy', ({ apps }) => {
    const automated = apps.filter((app) => app.automated);
    return automated.length > 0 && automated.every(isWell) && apps.length > automated.length;
  });
  return `${status.apps.filter(isWell).length} applications Synced and Healthy`;
}

async function infraChange(stage: Stage): Promise<string> {
  const path = 'apps/naver-news/config.ts';
  const commit = await pushCommit(stage.remote, 'Show more news', (clone) =>
    edit(join(clone, path), "NAVER_SEARCH_DISPLAY: '50'", "NAVER_SEARCH_DISPLAY: '60'"),
  );
  await waitForObject(stage, CONFIG_MAP, (object) => at(object, 'data', 'NAVER_SEARCH_DISPLAY') === '60');
  await waitForWell(stage, 'naver-news', (app) => app.revision === commit);
  return 'NAVER_SEARCH_DISPLAY is 60 in the cluster, naver-news Synced and Healthy';
}

async function newImage(stage: Stage): Promise<string> {
  const before = (await stage.client.status()).revision?.commit;
  await stage.pushImage(IMAGE, 'master-1111111');
  await waitForImage(stage, 'master-1111111');
  await waitForWell(stage, 'naver-news', (app) => app.images[IMAGE] === 'master-1111111');
  const after = (await stage.client.status()).revision?.commit;
  expect(before === after, 'the revision in Git changed');
  return `naver-news runs master-1111111; Git still at ${after?.slice(0, 7) ?? 'unknown'}`;
}

async function rejectedTag(stage: Stage): Promise<string> {
  await stage.pushImage(IMAGE, 'dev-2222222');
  await waitForRegistryPoll(stage);
  await waitForRegistryPoll(stage);
  const app = await stage.waitForApp('naver-news', 'its status', () => true);
  expect(app.images[IMAGE] === 'master-1111111', `the image became ${app.images[IMAGE] ?? 'unknown'}`);
  return 'dev-2222222 is newer, but ^master- does not match it';
}

async function brokenImage(stage: Stage): Promise<string> {
  await stage.pushImage(IMAGE, 'master-bad0bad', { behavior: 'crash' });
  await waitForImage(stage, 'master-bad0bad');
  await waitForImage(stage, 'master-1111111');
  const app = await waitForWell(stage, 'naver-news', ({ badImages }) => badImages.length > 0);
  return `master-bad0bad: ${app.badImages[0]?.reason ?? ''}; back on master-1111111, Healthy`;
}

async function addApp(stage: Stage): Promise<string> {
  await pushCommit(stage.remote, 'Add hello', { 'apps/hello/app.ts': HELLO_APP });
  await waitForWell(stage, 'hello', () => true);
  return 'apps/hello/app.ts pushed; hello Synced and Healthy in a new namespace';
}

async function removeApp(stage: Stage): Promise<string> {
  await pushCommit(stage.remote, 'Remove hello', { 'apps/hello': null });
  await stage.waitFor('hello to be gone', ({ apps }) => apps.every(({ name }) => name !== 'hello'));
  await waitUntil(
    async () => (await stage.api.send({ path: '/apis/apps/v1/namespaces/hello/deployments/hello' })).status === 404,
    {
      what: 'the Deployment of hello to be gone',
    },
  );
  for (const path of [
    '/api/v1/persistentvolumes/hello-pv',
    '/api/v1/namespaces/hello/persistentvolumeclaims/hello-pvc',
  ]) {
    const { status } = await stage.api.send({ path });
    expect(status === 200, `${path} answers ${status}`);
  }
  return 'Deployment and Service pruned; hello-pv and hello-pvc are still there';
}

async function healEdit(stage: Stage): Promise<string> {
  const uid = await uidOf(stage, DEPLOYMENT);
  const body = { spec: { replicas: 3 } };
  const contentType = 'application/merge-patch+json';
  await stage.api.call({ method: 'PATCH', path: `${DEPLOYMENT}?fieldManager=kubectl-edit`, body, contentType });
  await waitForObject(stage, DEPLOYMENT, (object) => at(object, 'spec', 'replicas') === 1);
  expect((await uidOf(stage, DEPLOYMENT)) === uid, 'the Deployment was replaced');
  await waitForWell(stage, 'naver-news', () => true);
  return 'replicas 3 became 1 again, same object';
}

async function healDelete(stage: Stage): Promise<string> {
  const uid = await uidOf(stage, SERVICE);
  await stage.api.call({ method: 'DELETE', path: SERVICE });
  await waitForObject(stage, SERVICE, (object) => at(object, 'metadata', 'uid') !== uid);
  await waitForWell(stage, 'naver-news', () => true);
  return 'the deleted Service is back';
}

async function manualSync(stage: Stage): Promise<string> {
  const before = await stage.waitForApp(MANUAL_APP, 'OutOfSync', ({ sync }) => sync === 'OutOfSync');
  expect(!before.automated, `${MANUAL_APP} is not a manual-sync application`);
  await stage.api.call({ method: 'POST', path: '/api/v1/persistentvolumes', body: REDIS_VOLUME });
  const outcome = await stage.client.sync(MANUAL_APP, { prune: false, retryImages: false, latest: false, wait: true });
  expect(outcome.ok, outcome.message ?? 'the sync failed');
  await waitForWell(stage, MANUAL_APP, () => true);
  return `${MANUAL_APP} was OutOfSync (${before.differences.length} objects), then Synced and Healthy`;
}

async function badCommit(stage: Stage): Promise<string> {
  const path = 'apps/mysql/app.ts';
  const good = new Map<string, string>();
  await pushCommit(stage.remote, 'Break mysql', async (clone) => {
    good.set(path, await readFile(join(clone, path), 'utf8'));
    await edit(
      join(clone, path),
      'build(scope, context) {',
      "build(scope, context) {\n    throw new Error('half finished');",
    );
  });
  const broken = await stage.waitForApp('mysql', 'its problem', ({ problems }) => problems.length > 0);
  const status = await stage.client.status();
  expect(
    status.apps.filter(({ automated }) => automated).every(isWell),
    'an application is not Synced and Healthy any more',
  );
  await pushCommit(stage.remote, 'Mend mysql', Object.fromEntries(good));
  await waitForWell(stage, 'mysql', ({ problems }) => problems.length === 0);
  return `reported: ${broken.problems[0]?.message ?? ''}`;
}

async function killDaemon(stage: Stage, daemon: SupervisedProcess): Promise<[SupervisedProcess, string]> {
  await stage.pushImage(IMAGE, 'master-3333333');
  await stage.waitForApp('naver-news', 'an update to begin', ({ operation }) => operation !== undefined);
  process.kill(daemon.pid, 'SIGKILL');
  await daemon.exited;
  const next = await stage.startDaemon();
  await waitForImage(stage, 'master-3333333');
  await waitForWell(stage, 'naver-news', (app) => app.images[IMAGE] === 'master-3333333');
  await stage.waitFor('everything Synced and Healthy', ({ apps }: DriverStatus) => apps.every(isWell));
  return [next, 'killed with SIGKILL in the update; restarted: master-3333333 runs, everything Synced and Healthy'];
}

/** What a person makes by hand before redis is synced first. */
export const REDIS_VOLUME = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'redis-pv' },
  spec: {
    capacity: { storage: '2Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'local-storage',
    hostPath: { path: '/srv/redis' },
  },
};

function isWell({ sync, health }: AppStatus): boolean {
  return sync === 'Synced' && health.status === 'Healthy';
}

function waitForWell(stage: Stage, name: string, also: (app: AppStatus) => boolean): Promise<AppStatus> {
  return stage.waitForApp(name, 'Synced and Healthy', (app) => isWell(app) && also(app));
}

async function waitForObject(stage: Stage, path: string, look: (object: unknown) => boolean): Promise<void> {
  await waitUntil(
    async () => {
      const { status, body } = await stage.api.send({ path });
      return status === 200 && look(body);
    },
    { what: `the wanted state of ${path}`, timeoutMs: 90_000 },
  );
}

function waitForImage(stage: Stage, tag: string): Promise<void> {
  return waitForObject(stage, DEPLOYMENT, (object) => {
    const containers = at(object, 'spec', 'template', 'spec', 'containers') as readonly { readonly image: string }[];
    return containers[0]?.image === `${IMAGE}:${tag}`;
  });
}

/** Waits until the daemon asked the registry once more than before. */
async function waitForRegistryPoll(stage: Stage): Promise<void> {
  const lastPoll = ({ sources }: DriverStatus): number =>
    sources.find(({ name }) => name.includes(IMAGE))?.lastSuccessAt ?? 0;
  const before = lastPoll(await stage.client.status());
  await stage.waitFor('a poll of the registry', (status) => lastPoll(status) > before);
}

async function uidOf(stage: Stage, path: string): Promise<unknown> {
  return at(await stage.api.call({ path }), 'metadata', 'uid');
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) {
    throw new StalledError('sandbox/failed', otherwise);
  }
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text.includes(from), `${file} does not hold ${from}`);
  await writeFile(file, text.replace(from, to));
}
