import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setStage, type Stage } from '../../src/cli/demo/stage.js';
import type { AppStatus } from '../../src/driver/core/summarize.js';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import type { SupervisedProcess } from '../../src/sandbox/supervised-process.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { descendantsOf, processesBelow } from '../support/processes.js';
import { waitUntilGone } from '../support/living-processes.js';

const IMAGE = 'ghcr.io/sijunkim/naver-news-spring';
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

let directory: string;
let stage: Stage;
let daemon: SupervisedProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-kills-'));
  stage = await setStage(directory, () => undefined);
  daemon = await stage.startDaemon();
});
afterAll(async () => {
  await daemon.stop();
  await stage.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('e2e/kills', () => {
  it('killed again and again amid changes, the daemon loses no override, no history and no object', async () => {
    await waitForAll();
    const before = await uidsOf(UNTOUCHED);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await change(round);
      await pause(Math.random() * LATEST_MS);
      await kill(round);
      daemon = await stage.startDaemon();
    }
    await stage.waitForApp('naver-news', 'the last image', ({ images }) => images[IMAGE] === tagOf(lastImageRound()));
    await waitForAll();
    await waitUntil(async () => (await liveSetting()) === String(lastCommitRound()), { what: 'the last commit' });
    expect(await uidsOf(UNTOUCHED)).toEqual(before);
    const entries = await historyEntries();
    expect(entries.filter(({ app }) => app === 'mysql').length).toBeGreaterThan(0);
    expect(entries.some(({ images }) => images?.[IMAGE] === tagOf(lastImageRound()))).toBe(true);
  });

  it('after all that, a stop leaves no process behind', async () => {
    const started = await descendantsOf(daemon.pid);
    await daemon.stop();
    await waitUntilGone(started);
    expect(await processesBelow(stage.env['PRODESK_STATE_DIRECTORY'] ?? directory)).toEqual([]);
  });
});

/** A commit, an image or an edit by hand, in turn. */
async function change(round: number): Promise<void> {
  if (round % 3 === 0) {
    const body = { data: { NAVER_SEARCH_DISPLAY: 'edited' } };
    const contentType = 'application/merge-patch+json';
    await stage.api.call({ method: 'PATCH', path: `${SETTINGS}?fieldManager=kubectl-edit`, body, contentType });
  } else if (round % 3 === 1) {
    await stage.pushImage(IMAGE, tagOf(round));
  } else {
    await pushCommit(stage.remote, `Show ${round} news`, async (clone) => {
      const file = join(clone, 'apps/naver-news/config.ts');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/NAVER_SEARCH_DISPLAY: '\d+'/, `NAVER_SEARCH_DISPLAY: '${round}'`));
    });
  }
}

/** The daemon alone in odd rounds; in even ones everything that it started, too, as when the machine stops. */
async function kill(round: number): Promise<void> {
  const others = round % 2 === 0 ? await descendantsOf(daemon.pid) : [];
  for (const pid of [daemon.pid, ...others]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
  await daemon.exited;
}

function tagOf(round: number): string {
  return `master-${String(round).padStart(7, '0')}`;
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
  await stage.waitFor(
    'all automated applications Synced and Healthy',
    ({ apps }) => apps.length > 1 && apps.every(isWell),
  );
}

async function uidsOf(paths: readonly string[]): Promise<unknown[]> {
  const answers = await Promise.all(paths.map((path) => stage.api.send({ path })));
  return answers.map(({ body }) => (body as { metadata: { uid: string } }).metadata.uid);
}

async function liveSetting(): Promise<string | undefined> {
  const { body } = await stage.api.send({ path: SETTINGS });
  return (body as { data?: Record<string, string> }).data?.['NAVER_SEARCH_DISPLAY'];
}

/** Every line of the history file; each must be whole. */
async function historyEntries(): Promise<{ app: string; images?: Record<string, string> }[]> {
  const file = join(stage.env['PRODESK_STATE_DIRECTORY'] ?? directory, 'history.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { app: string; images?: Record<string, string> });
}
