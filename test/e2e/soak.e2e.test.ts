import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../../src/base/errors.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { type Footprint, footprintOf, least, most } from '../support/footprint.js';
import { freeze, hideRemote, type Restartable, restartable } from '../support/outages.js';
import { numberSetting } from '../support/seeded-random.js';
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

/** `PRODESK_TEST_CYCLES=150 npx vitest run --project e2e test/e2e/soak.e2e.test.ts`; the first ones fill caches and are not compared. */
const CYCLES = numberSetting('PRODESK_TEST_CYCLES', 24);
const WARM_UP = Math.max(8, Math.floor(CYCLES / 3));
const COMPARED = Math.max(8, Math.floor(CYCLES / 6));
/** For all of them, on a machine that does other work, too. */
const TIMEOUT_MS = 120_000 + CYCLES * 20_000;
/** What the heap's own breathing may add, in MiB. */
const ALLOWED_GROWTH_MIB = 40;
/** What the state folder may hold more at the end, in MiB: history grows until it is written anew. */
const ALLOWED_DISK_MIB = 1 + CYCLES / 100;
/** Update records are kept until there are fifty. */
const KEPT_FILES = 4 * 50;

let running: RunningStage;
let apiServer: Restartable;

beforeAll(async () => {
  running = await startStage();
  apiServer = restartable(running.stage.sandbox, 'kube-apiserver');
  await waitForWell(running.stage);
});
afterAll(async () => {
  await running.stop();
  await apiServer.stop();
});

describe('e2e/soak', () => {
  it(
    'cycle after cycle of changes, edits, outages and orders piles up no memory, descriptor, process or file',
    async () => {
      const footprints: Footprint[] = [];
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        await play(cycle).catch((error: unknown) => {
          throw new Error(`cycle ${cycle}: ${messageOf(error)}`, { cause: error });
        });
        footprints.push(await footprintOf(running.daemon.pid, running.stateDirectory));
      }
      const early = footprints.slice(WARM_UP, WARM_UP + COMPARED);
      const late = footprints.slice(-COMPARED);
      console.log(`soak: ${CYCLES} cycles, ${JSON.stringify({ early: early[0], late: late.at(-1) })}`);
      expect(least(late, 'residentMiB')).toBeLessThan(least(early, 'residentMiB') + ALLOWED_GROWTH_MIB);
      expect(least(late, 'descriptors')).toBeLessThanOrEqual(most(early, 'descriptors'));
      expect(most(late, 'children')).toBeLessThanOrEqual(most(early, 'children'));
      expect(most(late, 'temporary')).toBeLessThanOrEqual(most(early, 'temporary') + 1);
      expect(least(late, 'diskMiB')).toBeLessThan(most(early, 'diskMiB') + ALLOWED_DISK_MIB);
      expect(least(late, 'files')).toBeLessThan(most(early, 'files') + KEPT_FILES);
      const names = await readdir(running.stateDirectory, { recursive: true });
      expect(names.filter((name) => /\.tmp$|\.new$|\.new-/.test(name))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

/** What may happen beside an image and a commit, in turn. */
const DISTURBANCES: readonly (() => Promise<unknown>)[] = [
  () => Promise.resolve(),
  edit,
  () => freeze(running.stage.sandbox, 'registry', 1_500),
  pauseForAMoment,
  () => hideRemote(running.stage.remote, 1_500),
  rollBackAndRelease,
  () => apiServer.restart(500),
  () => running.stage.client.refresh(),
];

/** A disturbance, an image and a commit; both must have arrived, so that each cycle does the same. */
async function play(cycle: number): Promise<void> {
  const { stage } = running;
  await DISTURBANCES[cycle % DISTURBANCES.length]?.();
  const tag = tagOf(cycle + 1);
  await stage.pushImage(IMAGE, tag);
  const commit = await showNews(stage, 100 + cycle);
  await stage.waitForApp('naver-news', `Healthy with ${tag} at ${commit}`, ({ images, revision, sync, health }) => {
    return images[IMAGE] === tag && revision === commit && sync === 'Synced' && health.status === 'Healthy';
  });
  await waitUntil(async () => (await liveNews(stage)) === String(100 + cycle), { what: 'the commit in the cluster' });
}

async function edit(): Promise<void> {
  const body = { data: { NAVER_SEARCH_DISPLAY: 'edited' } };
  const contentType = 'application/merge-patch+json';
  await running.stage.api.call({ method: 'PATCH', path: `${SETTINGS}?fieldManager=kubectl-edit`, body, contentType });
  await waitUntil(async () => (await liveNews(running.stage)) !== 'edited', { what: 'the repair' });
}

async function pauseForAMoment(): Promise<void> {
  await running.stage.client.pause(undefined, { reason: 'soak' });
  await running.stage.client.resume(undefined);
}

async function rollBackAndRelease(): Promise<void> {
  const outcome = await running.stage.client.rollback('naver-news', { prune: false });
  expect(outcome).toEqual({ ok: true });
  await running.stage.client.unpin('naver-news');
}
