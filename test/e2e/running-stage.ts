import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setStage, type Stage } from '../../src/cli/demo/stage.js';
import type { AppStatus } from '../../src/driver/core/summarize.js';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import type { SupervisedProcess } from '../../src/sandbox/supervised-process.js';

/** The image of the application that the tests change. */
export const IMAGE = 'ghcr.io/sijunkim/naver-news-spring';

/** Where NAVER_SEARCH_DISPLAY is in the cluster. */
export const SETTINGS = '/api/v1/namespaces/prodesk/configmaps/naver-news-config';

/** A stage of the demo with a daemon that may be replaced. */
export interface RunningStage {
  readonly stage: Stage;
  readonly stateDirectory: string;
  daemon: SupervisedProcess;
  stop(): Promise<void>;
}

/** Sets a stage in a folder of its own, and starts a daemon on it. */
export async function startStage(): Promise<RunningStage> {
  const directory = await mkdtemp(join(tmpdir(), 'prodesk-stage-'));
  const stage = await setStage(directory, () => undefined);
  const running: RunningStage = {
    stage,
    stateDirectory: stage.env['PRODESK_STATE_DIRECTORY'] ?? directory,
    daemon: await stage.startDaemon(),
    async stop() {
      await running.daemon.stop();
      await stage.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return running;
}

/** A tag that the application's filter allows. */
export function tagOf(number: number): string {
  return `master-${String(number).padStart(7, '0')}`;
}

/** Commits another value of NAVER_SEARCH_DISPLAY. Gives the commit. */
export function showNews(stage: Stage, count: number): Promise<string> {
  return pushCommit(stage.remote, `Show ${count} news`, async (clone) => {
    const file = join(clone, 'apps/naver-news/config.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/NAVER_SEARCH_DISPLAY: '\d+'/, `NAVER_SEARCH_DISPLAY: '${count}'`));
  });
}

/** The value of NAVER_SEARCH_DISPLAY in the cluster. */
export async function liveNews({ api }: Stage): Promise<string | undefined> {
  const { body } = await api.send({ path: SETTINGS });
  return (body as { data?: Record<string, string> }).data?.['NAVER_SEARCH_DISPLAY'];
}

/** Waits until all automated applications are Synced and Healthy. */
export async function waitForWell(stage: Stage): Promise<void> {
  const isWell = ({ sync, health, automated }: AppStatus): boolean =>
    !automated || (sync === 'Synced' && health.status === 'Healthy');
  await stage.waitFor(
    'all automated applications Synced and Healthy',
    ({ apps }) => apps.length > 1 && apps.every(isWell),
  );
}
