import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppStatus } from '../../src/driver/core/summarize.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { waitUntilGone } from '../support/living-processes.js';
import { descendantsOf } from '../support/process-tree.js';
import { processesBelow } from '../support/processes.js';
import { IMAGE, type RunningStage, showNews, startStage, tagOf } from './running-stage.js';

const SETTINGS = '/api/v1/namespaces/prodesk/configmaps/naver-news-config';
/** Objects that nothing here changes: whatever is killed, they must stay the same ones. */
const UNTOUCHED = [
  '/api/v1/namespaces/prodesk/persistentvolumeclaims/mysql-pvc',
  '/api/v1/persistentvolumes/mysql-pv',
  '/api/v1/namespaces/prodesk/services/mysql',
  '/apis/apps/v1/namespaces/prodesk/deployments/mysql',
];
const ROUNDS = 15;
/** The longest wait from a change to the kill; an update takes less. */
const LATEST_MS = 3_000;

let running: RunningStage;

beforeAll(async () => {
  running = await startStage();
});
afterAll(() => running.stop());

describe('e2e/kills', () => {
  it('killed again and again amid changes, the daemon loses no override, no history and no object', async () => {
    await waitForAll();
    const before = await uidsOf(UNTOUCHED);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await change(round);
      await pause(Math.random() * LATEST_MS);
      await kill(round);
      running.daemon = await running.stage.startDaemon();
    }
    await running.stage.waitForApp(
      'naver-news',
      'the last image',
      ({ images }) => images[IMAGE] === tagOf(lastImageRound()),
    );
    await waitForAll();
    await waitUntil(async () => (await liveSetting()) === String(lastCommitRound()), { what: 'the last commit' });
    expect(await uidsOf(UNTOUCHED)).toEqual(before);
    const entries = await historyEntries();
    expect(entries.filter(({ app }) => app === 'mysql').length).toBeGreaterThan(0);
    expect(entries.some(({ images }) => images?.[IMAGE] === tagOf(lastImageRound()))).toBe(true);
  });

  it('after all that, a stop leaves no process behind', async () => {
    const started = await descendantsOf(running.daemon.pid);
    await running.daemon.stop();
    await waitUntilGone(started);
    expect(await processesBelow(running.stateDirectory)).toEqual([]);
  });
});

/** A commit, an image or an edit by hand, in turn. */
async function change(round: number): Promise<void> {
  if (round % 3 === 0) {
    const body = { data: { NAVER_SEARCH_DISPLAY: 'edited' } };
    const contentType = 'application/merge-patch+json';
    await running.stage.api.call({ method: 'PATCH', path: `${SETTINGS}?fieldManager=kubectl-edit`, body, contentType });
  } else if (round % 3 === 1) {
    await running.stage.pushImage(IMAGE, tagOf(round));
  } else {
    await showNews(running.stage, round);
  }
}

/** The daemon alone in odd rounds; in even ones everything that it started, too, as when the machine stops. */
async function kill(round: number): Promise<void> {
  const others = round % 2 === 0 ? await descendantsOf(running.daemon.pid) : [];
  for (const pid of [running.daemon.pid, ...others]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
  await running.daemon.exited;
}

function lastImageRound(): number {
  return lastRound(1);
}

function lastCommitRound(): number {
  return lastRound(2);
}

function lastRound(remainder: number): number {
  return Array.from({ length: ROUNDS }, (_, index) => ROUNDS - index).find((round) => round % 3 === remainder) ?? 0;
}

async function waitForAll(): Promise<void> {
  const isWell = ({ sync, health, automated }: AppStatus): boolean =>
    !automated || (sync === 'Synced' && health.status === 'Healthy');
  await running.stage.waitFor(
    'all automated applications Synced and Healthy',
    ({ apps }) => apps.length > 1 && apps.every(isWell),
  );
}

async function uidsOf(paths: readonly string[]): Promise<unknown[]> {
  const answers = await Promise.all(paths.map((path) => running.stage.api.send({ path })));
  return answers.map(({ body }) => (body as { metadata: { uid: string } }).metadata.uid);
}

async function liveSetting(): Promise<string | undefined> {
  const { body } = await running.stage.api.send({ path: SETTINGS });
  return (body as { data?: Record<string, string> }).data?.['NAVER_SEARCH_DISPLAY'];
}

/** Every line of the history file; each must be whole. */
async function historyEntries(): Promise<{ app: string; images?: Record<string, string> }[]> {
  const file = join(running.stateDirectory, 'history.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { app: string; images?: Record<string, string> });
}
