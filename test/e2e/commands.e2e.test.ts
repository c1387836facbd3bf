import { request } from 'node:http';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REDIS_VOLUME } from '../../src/cli/demo/acts.js';
import { SOCKET_NAME } from '../../src/cli/driver.js';
import type { ShownOutcome } from '../../src/cli/outcome.js';
import type { AuditEntry } from '../../src/driver/core/effects.js';
import type { AppStatus, DriverStatus } from '../../src/driver/core/summarize.js';
import type { NumberedEntry } from '../../src/driver/history.js';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { runProdesk, type Ended } from '../support/prodesk.js';
import { IMAGE, liveNews, type RunningStage, showNews, startStage, tagOf, waitForWell } from './running-stage.js';

const ME = userInfo().username;
const FRONT = '/apis/apps/v1/namespaces/shop/deployments/front';
const BACK = '/apis/apps/v1/namespaces/shop/deployments/back';
/** What a terminal would take as orders, in a commit's subject. */
const ORDERS = '\u001b[2J\u009b8m\u202e';
/** What a browser would run, in the same place. */
const SCRIPT = '<script>alert(1)</script>';
const BACK_IMAGE = 'ghcr.io/sijunkim/back';

let running: RunningStage;
/** The commit that shows 70 news, and had the first image. */
let seventy: string;

beforeAll(async () => {
  running = await startStage();
  await waitForWell(running.stage);
});
afterAll(() => running.stop());

describe('e2e/commands', () => {
  describe('status and diff', () => {
    it('a manual application that was not synced makes the status of all end with 3, and that of another with 0', async () => {
      const all = await prodesk('status', '--json');
      const { apps } = jsonOf<DriverStatus>(all);
      expect(all.code).toBe(3);
      expect(apps.find(({ name }) => name === 'redis')).toMatchObject({ sync: 'OutOfSync', automated: false });
      const mysql = await prodesk('status', 'mysql');
      expect(mysql.code).toBe(0);
      expect(mysql.stdout).toMatch(/mysql +Synced/);
    });

    it('an application that is not there ends with 1 and names those that are', async () => {
      for (const command of ['status', 'sync', 'rollback', 'unpin', 'pause', 'resume']) {
        const ended = await prodesk(command, 'nosuch');
        expect({ command, code: ended.code, stdout: ended.stdout }).toEqual({ command, code: 1, stdout: '' });
        expect(ended.stderr).toMatch(/no application "nosuch"; there are: .*mysql/);
        expect(ended.stderr).toContain('app/unknown');
      }
    });

    it('a wrong command line ends with 2', async () => {
      const wrong = [['rollback', 'mysql', '--to', 'yesterday'], ['pause', '--for', 'long'], ['sync'], ['nosuch']];
      const codes = await Promise.all(wrong.map(async (args) => (await prodesk(...args)).code));
      expect(codes).toEqual([2, 2, 2, 2]);
    });

    it('a diff ends with 3 and names the objects, or with 0', async () => {
      const ended = await prodesk('diff', '--app', 'redis', '--json');
      const rows = jsonOf<{ app: string; state: string }[]>(ended);
      expect(ended.code).toBe(3);
      expect(rows.length).toBeGreaterThan(2);
      expect(new Set(rows.map(({ app, state }) => `${app} ${state}`))).toEqual(new Set(['redis missing']));
      expect(await prodesk('diff', '--app', 'mysql')).toMatchObject({ code: 0, stdout: 'no differences\n' });
    });
  });

  describe('sync', () => {
    it('syncs a manual application, once', async () => {
      await running.stage.api.call({ method: 'POST', path: '/api/v1/persistentvolumes', body: REDIS_VOLUME });
      const ended = await prodesk('sync', 'redis', '--json');
      expect({ code: ended.code, ...jsonOf<ShownOutcome>(ended) }).toEqual({ code: 0, app: 'redis', ok: true });
      expect(await statusOf('redis')).toMatchObject({ sync: 'Synced', health: { status: 'Healthy' } });
      expect(await prodesk('wait', 'redis')).toMatchObject({ code: 0, stdout: 'redis: Synced and Healthy\n' });
      expect(await prodesk('sync', 'redis', '--no-wait')).toMatchObject({ code: 0, stdout: 'redis: asked for\n' });
      expect((await prodesk('wait')).code).toBe(0);
      expect((await prodesk('status')).code).toBe(0);
      expect((await prodesk('diff')).code).toBe(0);
    });
  });

  describe('pause and resume', () => {
    it('of one application hold a commit and refuse a sync, until it is resumed', async () => {
      await showNews(running.stage, 60);
      await running.stage.waitForApp('naver-news', 'a synced commit', isWell);
      await waitUntil(async () => (await liveNews(running.stage)) === '60', { what: 'the first commit' });
      expect((await prodesk('pause', 'naver-news', '--reason', 'exam week')).code).toBe(0);
      seventy = await showNews(running.stage, 70);
      await running.stage.waitFor('the commit', ({ revision }) => revision?.commit === seventy);
      const sync = await prodesk('sync', 'naver-news', '--json');
      expect(sync.code).toBe(1);
      expect(jsonOf<ShownOutcome>(sync)).toMatchObject({
        ok: false,
        message: `naver-news is paused by ${ME}: exam week`,
      });
      expect(await statusOf('naver-news')).toMatchObject({
        sync: 'OutOfSync',
        paused: { by: ME, reason: 'exam week' },
      });
      expect(await liveNews(running.stage)).toBe('60');
      const late = await prodesk('wait', 'naver-news', '--timeout', '1s');
      expect(late.code).toBe(1);
      expect(late.stdout).toContain('not done within 1s; it goes on: naver-news is OutOfSync');
      expect(jsonOf<ShownOutcome>(await prodesk('resume', 'naver-news', '--json'))).toMatchObject({ ok: true });
      await waitUntil(async () => (await liveNews(running.stage)) === '70', { what: 'the commit after the pause' });
    });

    it('of all hold an image and a repair; a pause for a time ends by itself', async () => {
      await running.stage.waitForApp('naver-news', 'the commit', isWell);
      expect(await prodesk('pause', '--for', '4s')).toMatchObject({ code: 0, stdout: 'everything: paused\n' });
      const began = Date.now();
      await running.stage.pushImage(IMAGE, tagOf(1));
      await running.stage.waitForApp('naver-news', 'the image to be seen', ({ images }) => images[IMAGE] === tagOf(1));
      expect((await prodesk('status')).stdout).toMatch(new RegExp(`everything is paused by ${ME} \\(until 20`));
      expect(jsonOf<DriverStatus>(await prodesk('status', '--json')).paused).toMatchObject({ by: ME });
      await running.stage.waitForApp('naver-news', 'the image', (app) => app.paused === undefined && isWell(app));
      expect(Date.now() - began).toBeGreaterThan(3_500);
    });
  });

  describe('history and rollback', () => {
    it('history tells what was done, why, and which fields changed', async () => {
      const entries = await historyOf('naver-news');
      const [healthy, image] = entries;
      expect(healthy).toMatchObject({ outcome: 'healthy', images: { [IMAGE]: tagOf(1) }, revision: seventy });
      expect(image).toMatchObject({ kind: 'image', outcome: 'succeeded', by: 'automated', reason: 'a newer image' });
      expect(image?.changes).toContainEqual({
        object: 'Deployment prodesk/naver-news',
        operation: 'update',
        fields: ['/spec/template/spec/containers/0/image'],
      });
      expect(entries.map(({ id }) => id)).toEqual(entries.map((_, index) => entries.length - index));
    });

    it('rollback puts the image back and holds it there; unpin takes the newest one again', async () => {
      await running.stage.pushImage(IMAGE, tagOf(2));
      await running.stage.waitForApp('naver-news', 'the second image', runs(tagOf(2)));
      const ended = await prodesk('rollback', 'naver-news', '--reason', 'slow queries', '--json');
      expect({ code: ended.code, ...jsonOf<ShownOutcome>(ended) }).toEqual({ code: 0, app: 'naver-news', ok: true });
      await running.stage.waitForApp('naver-news', 'the first image', runs(tagOf(1)));
      await running.stage.pushImage(IMAGE, tagOf(3));
      await running.stage.waitForApp('naver-news', 'a newer image', ({ pinned }) => pinned?.newer[IMAGE] === tagOf(3));
      expect(await statusOf('naver-news')).toMatchObject({
        sync: 'Synced',
        images: { [IMAGE]: tagOf(1) },
        pinned: { by: ME, reason: 'slow queries' },
      });
      expect((await prodesk('status', 'naver-news')).stdout).toContain('auto, pinned');
      expect((await prodesk('unpin', 'naver-news')).code).toBe(0);
      await running.stage.waitForApp('naver-news', 'the third image', runs(tagOf(3)));
    });

    it('rollback --to takes a whole state back: the commit and the image', async () => {
      await showNews(running.stage, 80);
      await waitUntil(async () => (await liveNews(running.stage)) === '80', { what: 'the commit' });
      await running.stage.waitForApp('naver-news', 'the commit', isWell);
      const entries = await historyOf('naver-news');
      const entry = entries.find(({ revision, images }) => revision === seventy && images[IMAGE] === tagOf(1));
      expect((await prodesk('rollback', 'naver-news', '--to', String(entry?.id))).code).toBe(0);
      const app = await running.stage.waitForApp('naver-news', 'the earlier state', runs(tagOf(1)));
      expect(app).toMatchObject({ sync: 'Synced', revision: seventy, pinned: { revision: seventy } });
      expect(await liveNews(running.stage)).toBe('70');
      const unknown = await prodesk('rollback', 'naver-news', '--to', '999');
      expect(unknown.code).toBe(1);
      expect(unknown.stderr).toContain('no deployment with the number 999');
    });
  });

  it('the page shows what the daemon knows, and what a commit plants in it is text', async () => {
    const [news, unknown] = [await pageAt('/apps/naver-news'), await pageAt('/apps/nosuch')];
    for (const fact of [tagOf(1), 'pinned', '/spec/template/spec/containers/0/image', 'slow queries']) {
      expect(news.text).toContain(fact);
    }
    expect([news.status, unknown.status]).toEqual([200, 404]);
    await pushCommit(running.stage.remote, `Say ${SCRIPT} ${ORDERS}`, { 'NOTES.md': SCRIPT });
    await running.stage.waitFor('the commit', ({ revision }) => revision?.subject.startsWith('Say') === true);
    const all = await pageAt('/');
    expect(all.text).toContain(String.raw`Say &lt;script&gt;alert(1)&lt;/script&gt; \u001b[2J\u009b8m\u202e`);
    expect(all.text).not.toMatch(/<script|[\u001b\u009b\u202e]/);
  });

  it('audit tells who did what and why, and what was refused', async () => {
    const entries = jsonOf<AuditEntry[]>(await prodesk('audit', '--json', '--limit', '100'));
    expect(entries.every(({ by }) => by === ME)).toBe(true);
    const refused = `naver-news is paused by ${ME}: exam week`;
    expect(entries.toReversed().map(({ at: _, by: __, ...entry }) => entry)).toMatchObject([
      { action: 'sync', app: 'redis' },
      { action: 'sync', app: 'redis' },
      { action: 'pause', app: 'naver-news', reason: 'exam week' },
      { action: 'sync', app: 'naver-news', refused },
      { action: 'resume', app: 'naver-news' },
      { action: 'pause', detail: 'for 4s' },
      { action: 'rollback', app: 'naver-news', reason: 'slow queries' },
      { action: 'unpin', app: 'naver-news' },
      { action: 'rollback', app: 'naver-news' },
    ]);
    expect((await prodesk('audit', 'redis')).stdout.trim().split('\n')).toHaveLength(3);
  });

  describe('dependencies and sync windows', () => {
    it('what depends on an application waits until that is Healthy', async () => {
      await running.stage.pushImage(BACK_IMAGE, 'bad', { behavior: 'never-ready' });
      await running.stage.pushImage(BACK_IMAGE, 'good');
      await pushCommit(running.stage.remote, `Open a shop ${ORDERS}`, {
        'apps/back/app.ts': appText({ name: 'back', tag: 'bad' }),
        'apps/front/app.ts': appText({ name: 'front', tag: 'good', more: "dependsOn: ['back']," }),
      });
      await running.stage.waitForApp('back', 'deployed', ({ health }) => health.status === 'Progressing');
      const waits = await running.stage.waitForApp('front', 'to wait', ({ waitsFor }) => waitsFor !== undefined);
      expect(waits).toMatchObject({ sync: 'OutOfSync', waitsFor: ['back'] });
      const shown = await prodesk('status');
      expect(shown.stdout).toContain(String.raw`Open a shop \u001b[2J\u009b8m\u202e`);
      expect(shown.stdout).not.toMatch(/[\u001b\u009b\u202e]/);
      expect(jsonOf<DriverStatus>(await prodesk('status', '--json')).revision?.subject).toContain(ORDERS);
      expect(waits.message).toContain('waits until they are Synced and Healthy: back');
      expect(await statusCodeOf(FRONT)).toBe(404);
      await pushCommit(running.stage.remote, 'Mend the shop', {
        'apps/back/app.ts': appText({ name: 'back', tag: 'good' }),
      });
      await running.stage.waitForApp('front', 'Synced and Healthy', isWell);
      expect(await statusOf('back')).toMatchObject({ sync: 'Synced', health: { status: 'Healthy' } });
    });

    it('a closed sync window holds a commit; a person may pass it, unless it is closed for persons', async () => {
      const window = (manual: boolean): string =>
        `syncWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h', manual: ${manual} }],`;
      const push = (replicas: number, manual: boolean): Promise<string> =>
        pushCommit(running.stage.remote, 'Close the shop', {
          'apps/front/app.ts': appText({ name: 'front', tag: 'good', replicas, more: window(manual) }),
        });
      await push(2, true);
      const held = await running.stage.waitForApp('front', 'to be held', ({ sync }) => sync === 'OutOfSync');
      expect(held).toMatchObject({ window: { open: false }, message: 'waits for its sync window' });
      expect((await prodesk('sync', 'front')).code).toBe(0);
      await running.stage.waitForApp('front', 'the sync of a person', isWell);
      expect(await replicasOf(FRONT)).toBe(2);
      const commit = await push(3, false);
      await running.stage.waitFor('the last commit', ({ revision }) => revision?.commit === commit);
      const refused = await prodesk('sync', 'front', '--json');
      expect(refused.code).toBe(1);
      expect(jsonOf<ShownOutcome>(refused).message).toBe('the sync windows of front are closed, for persons too');
      expect(await replicasOf(FRONT)).toBe(2);
    });
  });

  it('a commit that removes most applications deletes nothing; --prune deletes the one that a person names', async () => {
    const gone = ['back', 'front', 'traefik', 'redis'];
    await pushCommit(
      running.stage.remote,
      'Remove too much',
      Object.fromEntries(gone.map((name) => [`apps/${name}`, null])),
    );
    const held = await running.stage.waitForApp('back', 'to be held', ({ problems }) => problems.length > 0);
    expect(held.problems[0]).toMatchObject({ code: 'prune/needs-confirmation' });
    const without = await prodesk('sync', 'back', '--json');
    expect(without.code).toBe(1);
    expect(jsonOf<ShownOutcome>(without).message).toContain('prodesk sync back --prune');
    expect([await statusCodeOf(BACK), await statusCodeOf(FRONT)]).toEqual([200, 200]);
    expect((await prodesk('sync', 'back', '--prune')).code).toBe(0);
    expect([await statusCodeOf(BACK), await statusCodeOf(FRONT)]).toEqual([404, 200]);
    expect((await prodesk('status', '--json')).stdout).not.toContain('"back"');
  });

  it('a restarted daemon remembers what is paused, pinned and held, and all that happened', async () => {
    expect((await prodesk('pause', 'mysql', '--reason', 'backup')).code).toBe(0);
    const before = await records();
    await running.daemon.stop();
    const unreachable = await prodesk('status');
    expect(unreachable.code).toBe(1);
    expect(unreachable.stderr).toContain('daemon/unreachable');
    running.daemon = await running.stage.startDaemon();
    await running.stage.waitForApp('mysql', 'to be compared again', ({ health }) => health.status === 'Healthy');
    await running.stage.waitForApp('naver-news', 'to be compared again', runs(tagOf(1)));
    expect(await records()).toEqual(before);
    expect(await statusOf('front')).toMatchObject({ problems: [{ code: 'prune/needs-confirmation' }] });
    expect((await prodesk('resume', 'mysql')).code).toBe(0);
    expect((await prodesk('unpin', 'naver-news')).code).toBe(0);
    await running.stage.waitForApp('naver-news', 'the newest state', runs(tagOf(3)));
    expect(await liveNews(running.stage)).toBe('80');
  });
});

function prodesk(...args: readonly string[]): Promise<Ended> {
  return runProdesk(args, running.stage.env);
}

function jsonOf<T>({ stdout }: Ended): T {
  return JSON.parse(stdout) as T;
}

async function statusOf(name: string): Promise<AppStatus | undefined> {
  return jsonOf<DriverStatus>(await prodesk('status', name, '--json')).apps[0];
}

async function historyOf(app: string): Promise<NumberedEntry[]> {
  return jsonOf(await prodesk('history', app, '--json', '--limit', '1000'));
}

/** What outlives a restart. */
async function records(): Promise<object> {
  const [mysql, news] = [await statusOf('mysql'), await statusOf('naver-news')];
  const history = jsonOf(await prodesk('history', '--json', '--limit', '1000'));
  const audit = jsonOf(await prodesk('audit', '--json', '--limit', '1000'));
  return { paused: mysql?.paused, pinned: news?.pinned, revision: news?.revision, history, audit };
}

function isWell({ sync, health }: AppStatus): boolean {
  return sync === 'Synced' && health.status === 'Healthy';
}

function runs(tag: string): (app: AppStatus) => boolean {
  return (app) => isWell(app) && app.images[IMAGE] === tag;
}

async function statusCodeOf(path: string): Promise<number> {
  return (await running.stage.api.send({ path })).status;
}

/** A page of the daemon, asked for on its socket. */
function pageAt(path: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const socketPath = join(running.stateDirectory, SOCKET_NAME);
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, text: body }), reject);
    });
    outgoing.on('error', reject).end();
  });
}

async function replicasOf(path: string): Promise<number> {
  const { body } = await running.stage.api.send({ path });
  return (body as { spec: { replicas: number } }).spec.replicas;
}

interface AppTextOptions {
  readonly name: string;
  readonly tag: string;
  readonly replicas?: number;
  readonly more?: string;
}

function appText({ name, tag, replicas = 1, more = '' }: AppTextOptions): string {
  return `import { defineApp } from '../../src/app/index.js';
import { WebApp } from '../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  ${more}
  build(scope) {
    new WebApp(scope, 'web', { name: '${name}', image: '${BACK_IMAGE}:${tag}', port: 80, replicas: ${replicas} });
  },
});
`;
}
