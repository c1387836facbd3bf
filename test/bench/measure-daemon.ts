import { pushCommit } from '../../src/sandbox/git-remote.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { startDaemon, type BenchDaemon, type LogLine } from './daemon.js';
import { followedImage, pathOf, sourceOf } from './generated-apps.js';
import { cpuOfTree, residentOfTree, watchPeak } from '../support/process-tree.js';
import { measureOf, type Measure } from './statistics.js';
import type { BenchStage } from './stage.js';

/** Polls in a row, because the kernel counts processor time in steps of 10 ms. */
const POLLS_AT_ONCE = 5;

/** What the daemon needs, from its first start on an empty cluster to its end. */
export interface DaemonMeasures {
  readonly firstSync: Measure;
  readonly image: Measure;
  readonly git: Measure;
  readonly drift: Measure;
  readonly pollCpu: Measure;
  readonly pollRuns: Measure;
  readonly idleMemory: Measure;
  readonly peakMemory: Measure;
  /** Where the time of the first sync went. */
  readonly phases: readonly string[];
}

/** Runs a daemon through everything that is measured. */
export async function measureDaemon(stage: BenchStage, runs: number): Promise<DaemonMeasures> {
  const startedAt = Date.now();
  const daemon = await startDaemon(stage);
  try {
    const peak = watchPeak(daemon.process.pid);
    await daemon.waitForAll(900_000);
    const firstSync = Date.now() - startedAt;
    const phases = phasesOf(await daemon.log(), startedAt);
    const git = await repeat(runs, (run) => timeGitPush(stage, daemon, run));
    const image = await repeat(runs, (run) => timeImagePush(stage, daemon, run));
    const drift = await repeat(runs, (run) => timeDrift(stage, daemon, run));
    await daemon.waitForRest();
    const peakMemory = await peak.end();
    const polls = await repeat(runs, () => costOfPolls(stage, daemon));
    const idle = await repeat(runs, () => residentOfTree(daemon.process.pid));
    return {
      firstSync: measureOf('daemon: first sync', 'ms', [firstSync]),
      image: measureOf('daemon: new image seen -> updated', 'ms', image),
      git: measureOf('daemon: commit seen -> updated', 'ms', git),
      drift: measureOf('daemon: drift -> healed', 'ms', drift),
      pollCpu: measureOf(
        'daemon: processor time of a poll without news',
        'ms',
        polls.map(({ cpuMs }) => cpuMs),
      ),
      pollRuns: measureOf(
        'daemon: engine runs of a poll without news',
        'runs',
        polls.map(({ engineRuns }) => engineRuns),
      ),
      idleMemory: measureOf('daemon: memory at rest', 'MiB', idle),
      peakMemory: measureOf('daemon: peak memory', 'MiB', [peakMemory]),
      phases,
    };
  } finally {
    await daemon.process.stop();
  }
}

async function repeat<T>(runs: number, once: (run: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run += 1) {
    results.push(await once(run));
  }
  return results;
}

/** From the moment the daemon is told to look, as a webhook would, until the object in the API server has the new value. */
async function timeGitPush(stage: BenchStage, daemon: BenchDaemon, run: number): Promise<number> {
  await daemon.waitForRest();
  const index = 1 + (run % (stage.apps - 1));
  const value = `pushed-${run}`;
  await pushCommit(stage.remote, `Change ${index}`, { [pathOf(index)]: sourceOf({ index, value }) });
  return timeUntil(
    () => daemon.client.refresh(),
    async () => (await stage.liveValue(index)) === value,
  );
}

async function timeImagePush(stage: BenchStage, daemon: BenchDaemon, run: number): Promise<number> {
  await daemon.waitForRest();
  const tag = `v2-${run}`;
  await stage.pushImage(0, tag);
  return timeUntil(
    () => daemon.client.refresh(),
    async () => (await stage.liveImage(0)) === `${followedImage(0) ?? ''}:${tag}`,
  );
}

/** Another application each time: one that drifts again and again is healed ever later. */
async function timeDrift(stage: BenchStage, daemon: BenchDaemon, run: number): Promise<number> {
  await daemon.waitForRest();
  const index = 1 + (run % (stage.apps - 1));
  const value = await stage.liveValue(index);
  return timeUntil(
    () => stage.changeLiveValue(index, 'edited'),
    async () => (await stage.liveValue(index)) === value,
  );
}

async function timeUntil(act: () => Promise<void>, isDone: () => Promise<boolean>): Promise<number> {
  const before = performance.now();
  await act();
  await waitUntil(isDone, { what: 'the change in the cluster', timeoutMs: 180_000, intervalMs: 10 });
  return performance.now() - before;
}

/** What one poll of Git and of every followed image costs when nothing is new. */
async function costOfPolls(stage: BenchStage, daemon: BenchDaemon): Promise<{ cpuMs: number; engineRuns: number }> {
  const { pid } = daemon.process;
  const [linesBefore, cpuBefore] = [(await daemon.log()).length, await cpuOfTree(pid)];
  for (let poll = 0; poll < POLLS_AT_ONCE; poll += 1) {
    const at = Date.now();
    await daemon.client.refresh();
    const isPolled = async (): Promise<boolean> =>
      (await daemon.client.status()).sources.every(({ lastSuccessAt = 0 }) => lastSuccessAt >= at);
    await waitUntil(isPolled, { what: `a poll of everything with ${stage.apps} applications`, intervalMs: 200 });
  }
  const cpuMs = ((await cpuOfTree(pid)) - cpuBefore) / POLLS_AT_ONCE;
  const lines = (await daemon.log()).slice(linesBefore);
  const engineRuns = lines.filter(({ msg }) => msg === 'update starts' || msg === 'engine worker started').length;
  if (engineRuns > 0) {
    throw new Error(`polls without news started the engine ${engineRuns} times`);
  }
  return { cpuMs, engineRuns };
}

/** The steps of the first sync with the second in which each began. */
function phasesOf(lines: readonly LogLine[], startedAt: number): string[] {
  const at = (line: LogLine): string => `${((Date.parse(line.time) - startedAt) / 1000).toFixed(1)} s`;
  const wanted = ['daemon started', 'revision taken', 'engine worker started', 'update starts'];
  const steps = lines
    .filter(({ msg }) => wanted.includes(msg))
    .map((line) => {
      const size = Array.isArray(line['apps']) ? ` (${line['apps'].length} applications)` : '';
      return `${at(line)} ${line.msg}${size}`;
    });
  const lastSynced = lines.findLast(({ msg }) => msg === 'application synced');
  return [...steps, ...(lastSynced === undefined ? [] : [`${at(lastSynced)} last application synced`])];
}
