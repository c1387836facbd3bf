import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../../src/base/errors.js';
import type { NumberedEntry } from '../../src/driver/history.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { waitUntilGone } from '../support/living-processes.js';
import { descendantsOf } from '../support/process-tree.js';
import { processesBelow, signalIfThere } from '../support/processes.js';
import { numberSetting, seededRandom } from '../support/seeded-random.js';
import { tearFiles } from '../support/tear-files.js';
import {
  IMAGE,
  liveNews,
  type RunningStage,
  SETTINGS,
  showNews,
  startStage,
  tagOf,
  waitForWell,
} from './running-stage.js';

/** `PRODESK_TEST_KILLS=200 PRODESK_TEST_SEED=7 npx vitest run --project e2e test/e2e/kills.e2e.test.ts` */
const KILLS = numberSetting('PRODESK_TEST_KILLS', 10);
const SEED = numberSetting('PRODESK_TEST_SEED', Date.now() % 1_000_000);

/** Objects that nothing here changes: whatever is killed, they must stay the same ones. */
const UNTOUCHED = [
  '/api/v1/namespaces/prodesk/persistentvolumeclaims/mysql-pvc',
  '/api/v1/persistentvolumes/mysql-pv',
  '/api/v1/namespaces/prodesk/services/mysql',
  '/apis/apps/v1/namespaces/prodesk/deployments/mysql',
];
const DEPLOYMENT = '/apis/apps/v1/namespaces/prodesk/deployments/naver-news';
const CHANGES = ['image', 'commit', 'edit'] as const;
const MANNERS = ['process', 'machine', 'power', 'start'] as const;
/** The longest wait from a change to the kill; an update takes less. */
const LATEST_MS = 3_000;
/** What was written in so long a time before the power went is torn. */
const UNSAVED_MS = 2_000;
/** An entry may be shown before it is in the file, and the last one may be torn. */
const WRITTEN_AFTER_MS = UNSAVED_MS;

/** For all of them, on a machine that does other work, too. */
const TIMEOUT_MS = 120_000 + KILLS * 30_000;

/** Why an application is paused, whatever is killed. */
const ORDER = 'a person said so';

type Change = (typeof CHANGES)[number];
type Manner = (typeof MANNERS)[number];

const random = seededRandom(SEED);
const done = { image: 0, commit: 0, edit: 0 };
const kills: Record<Manner, number> = { process: 0, machine: 0, power: 0, start: 0 };
const lost = { history: 0, overrides: 0, orders: 0, objects: 0 };

let running: RunningStage;
let uids: readonly unknown[];

beforeAll(async () => {
  running = await startStage();
  await waitForWell(running.stage);
  uids = await uidsOf(UNTOUCHED);
});
afterAll(async () => {
  console.log(`kills: seed ${SEED}, ${JSON.stringify({ kills, lost })}`);
  await running.stop();
});

describe('e2e/kills', () => {
  it(
    'killed again and again amid changes, the daemon loses no override, no order, no history and no object',
    async () => {
      await giveOrder();
      for (let round = 1; round <= KILLS; round += 1) {
        const [what, manner] = [pick(CHANGES), pick(MANNERS)];
        await play(round, what, manner).catch((error: unknown) => tell(error, `round ${round}: ${what}, ${manner}`));
      }
      await running.stage.waitForApp('naver-news', 'the last image', ({ images }) => images[IMAGE] === lastTag());
      await waitForWell(running.stage);
      await waitUntil(async () => (await liveNews(running.stage)) === lastNews(), { what: 'the last commit' });
      expect(lost).toEqual({ history: 0, overrides: 0, orders: 0, objects: 0 });
    },
    TIMEOUT_MS,
  );

  it('after all that, a stop leaves no process behind', async () => {
    const started = await descendantsOf(running.daemon.pid);
    await running.daemon.stop();
    await waitUntilGone(started);
    expect(await processesBelow(running.stateDirectory)).toEqual([]);
  });
});

/** Pauses an application, and waits until both versions of what is remembered have it: a disk may tear the newest. */
async function giveOrder(): Promise<void> {
  const { client } = running.stage;
  const holds = (name: string) => async (): Promise<boolean> =>
    (await readFile(join(running.stateDirectory, name), 'utf8')).includes(ORDER);
  await client.pause('redis', { reason: ORDER });
  await waitUntil(holds('memory.json'), { what: 'the order on disk' });
  await client.pause('traefik', {});
  await client.resume('traefik');
  await waitUntil(holds('memory.json.bak'), { what: 'the order in both versions' });
}

/** One change, one kill, and what must be there after it. */
async function play(round: number, what: Change, manner: Manner): Promise<void> {
  await change(what, round);
  await pause(random() * LATEST_MS);
  const before = await running.stage.client.history(1_000);
  const killedAt = await kill(manner);
  const deployed = await deployedImage();
  running.daemon = await running.stage.startDaemon();
  lost.history += await lostEntries(before, killedAt);
  lost.overrides += numberOf(await imageInForce()) < numberOf(deployed) ? 1 : 0;
  const { apps } = await running.stage.client.status();
  lost.orders += apps.find(({ name }) => name === 'redis')?.paused?.reason === ORDER ? 0 : 1;
  lost.objects += JSON.stringify(await uidsOf(UNTOUCHED)) === JSON.stringify(uids) ? 0 : 1;
  const found = JSON.stringify(lost);
  expect({ round, what, manner, found }).toEqual({ round, what, manner, found: NOTHING_LOST });
}

const NOTHING_LOST = JSON.stringify(lost);

/** What went wrong, with what the daemon said last. */
async function tell(error: unknown, round: string): Promise<never> {
  const log = await readFile(running.stage.logFile, 'utf8');
  throw new Error(`seed ${SEED}, ${round}: ${messageOf(error)}\n${log.slice(-4_000)}`, { cause: error });
}

async function change(what: Change, round: number): Promise<void> {
  if (what === 'image') {
    await running.stage.pushImage(IMAGE, tagOf(round));
    done.image = round;
  } else if (what === 'commit') {
    await showNews(running.stage, round);
    done.commit = round;
  } else {
    const body = { data: { NAVER_SEARCH_DISPLAY: 'edited' } };
    const contentType = 'application/merge-patch+json';
    await running.stage.api.call({ method: 'PATCH', path: `${SETTINGS}?fieldManager=kubectl-edit`, body, contentType });
  }
}

/** Gives the time of the kill. */
async function kill(manner: Manner): Promise<number> {
  kills[manner] += 1;
  const at = Date.now();
  const isMachine = manner === 'machine' || manner === 'power';
  const others = isMachine ? await descendantsOf(running.daemon.pid) : [];
  [running.daemon.pid, ...others].forEach(killNow);
  await running.daemon.exited;
  if (manner === 'power') {
    await waitUntilGone(others);
    await tearFiles({ directory: running.stateDirectory, since: at - UNSAVED_MS, random });
  }
  if (manner === 'start') {
    await killStarting();
  }
  return at;
}

/** Starts the daemon and kills it before it is ready. */
async function killStarting(): Promise<void> {
  const started = running.stage.startDaemon().then(
    ({ pid }) => [pid],
    () => [],
  );
  await pause(random() * LATEST_MS);
  const found = (await processesBelow(running.stage.sandbox.directory)).filter((text) => text.includes('.mjs driver'));
  found.forEach((text) => killNow(Number(text.split(' ')[0])));
  (await started).forEach(killNow);
}

function killNow(pid: number): void {
  signalIfThere(pid, 'SIGKILL');
}

/** How many entries are gone that were shown before. Old ones leave when there are too many of an application. */
async function lostEntries(before: readonly NumberedEntry[], killedAt: number): Promise<number> {
  const after = await running.stage.client.history(1_000);
  const oldest = new Map(after.map(({ app, id }) => [app, id]));
  const there = new Set(after.map(({ app, id }) => `${app} ${id}`));
  const due = before.filter(({ app, id, at }) => at < killedAt - WRITTEN_AFTER_MS && id >= (oldest.get(app) ?? 0));
  return due.filter(({ app, id }) => !there.has(`${app} ${id}`)).length;
}

/** The version in the cluster. */
async function deployedImage(): Promise<string> {
  const { body } = await running.stage.api.send({ path: DEPLOYMENT });
  const { spec } = body as { spec: { template: { spec: { containers: { image: string }[] } } } };
  return spec.template.spec.containers[0]?.image.slice(IMAGE.length + 1) ?? '';
}

/** The version that the application is to have, as soon as the daemon knows it. */
async function imageInForce(): Promise<string> {
  const { images } = await running.stage.waitForApp(
    'naver-news',
    'its image',
    (app) => app.images[IMAGE] !== undefined,
  );
  return images[IMAGE] ?? '';
}

function numberOf(tag: string): number {
  return tag === 'master-e0b0c0c' ? 0 : Number(tag.slice('master-'.length));
}

function lastTag(): string {
  return done.image === 0 ? 'master-e0b0c0c' : tagOf(done.image);
}

function lastNews(): string {
  return done.commit === 0 ? '50' : String(done.commit);
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

async function uidsOf(paths: readonly string[]): Promise<unknown[]> {
  const answers = await Promise.all(paths.map((path) => running.stage.api.send({ path })));
  return answers.map(({ body }) => (body as { metadata: { uid: string } }).metadata.uid);
}
