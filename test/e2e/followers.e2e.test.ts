import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDaemon, type DaemonClient } from '../../src/cli/daemon-client.js';
import { POLLS, setStage, type Stage } from '../../src/cli/demo/stage.js';
import { ELECTION_TIMINGS } from '../../src/driver/elector.js';
import { superviseProcess, type SupervisedProcess } from '../../src/sandbox/supervised-process.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { signalIfThere } from '../support/processes.js';
import { IMAGE, liveNews, showNews, tagOf } from './running-stage.js';

const ELECTION = ['--leader-election', 'lease', '--leader-election-namespace', 'default'];
/** The lease has to run out, and the new leader reads everything first. */
const TAKEOVER_MS = ELECTION_TIMINGS.leaseMs + 90_000;

interface Daemon {
  readonly process: SupervisedProcess;
  readonly client: DaemonClient;
}

let directory: string;
let stage: Stage;
const daemons: Daemon[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-followers-'));
  stage = await setStage(directory, () => undefined);
});
afterAll(async () => {
  daemons.forEach(({ process: { pid } }) => signalIfThere(pid, 'SIGCONT'));
  await Promise.all(daemons.map(({ process: daemon }) => daemon.stop()));
  await stage.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Starts a daemon with a state folder of its own, for the same stack. */
async function startDaemon(name: string): Promise<Daemon> {
  const stateDirectory = join(directory, name);
  const { PATH, HOME } = process.env;
  const daemon = await superviseProcess({
    name,
    program: process.execPath,
    args: [resolve('src/cli/prodesk.mjs'), 'driver', '--listen', 'off', ...POLLS, ...ELECTION],
    cwd: directory,
    env: { PATH, HOME, ...stage.env, PRODESK_STATE_DIRECTORY: stateDirectory },
    logFile: join(directory, `${name}.log`),
    graceMs: 30_000,
  });
  const started = { process: daemon, client: connectDaemon({ stateDirectory }) };
  daemons.push(started);
  await waitUntil(async () => (await started.client.status()).leadership?.holder !== undefined, {
    what: `${name} to know who leads`,
    timeoutMs: TAKEOVER_MS,
  });
  return started;
}

async function leads({ client }: Daemon): Promise<boolean> {
  return (await client.status()).leadership?.isLeader === true;
}

/** The revisions and images that a daemon deployed. */
async function deployedBy({ client }: Daemon): Promise<number> {
  return (await client.history(1_000)).length;
}

async function hasImage(tag: string): Promise<boolean> {
  const { body } = await stage.api.send({ path: '/apis/apps/v1/namespaces/prodesk/deployments/naver-news' });
  return JSON.stringify(body).includes(`${IMAGE}:${tag}`);
}

describe('e2e/followers', () => {
  it('when the leader is killed, the follower takes over with its image, and a leader that slept through its lease writes nothing any more', async () => {
    const first = await startDaemon('first');
    await waitUntil(() => liveNews(stage).then((news) => news === '50'), {
      what: 'the first sync',
      timeoutMs: 90_000,
    });
    const second = await startDaemon('second');
    expect([await leads(first), await leads(second)]).toEqual([true, false]);
    await stage.pushImage(IMAGE, tagOf(1));
    await waitUntil(() => hasImage(tagOf(1)), { what: 'the image', timeoutMs: 60_000 });
    expect(await deployedBy(second)).toBe(0);

    process.kill(first.process.pid, 'SIGKILL');
    await waitUntil(() => leads(second), { what: 'the second to lead', timeoutMs: TAKEOVER_MS });
    await showNews(stage, 61);
    await waitUntil(() => liveNews(stage).then((news) => news === '61'), { what: 'a commit', timeoutMs: 60_000 });
    expect(await hasImage(tagOf(1))).toBe(true);

    const third = await startDaemon('third');
    expect(await leads(third)).toBe(false);
    const before = await deployedBy(second);
    process.kill(second.process.pid, 'SIGSTOP');
    await waitUntil(() => leads(third), { what: 'the third to lead', timeoutMs: TAKEOVER_MS });
    await showNews(stage, 62);
    signalIfThere(second.process.pid, 'SIGCONT');
    await waitUntil(() => liveNews(stage).then((news) => news === '62'), { what: 'a commit', timeoutMs: 60_000 });
    const { holder } = (await third.client.status()).leadership ?? {};
    await waitUntil(async () => (await second.client.status()).leadership?.holder === holder, {
      what: 'the second to see that it leads no more',
      timeoutMs: 60_000,
    });
    await showNews(stage, 63);
    await waitUntil(() => liveNews(stage).then((news) => news === '63'), { what: 'a commit', timeoutMs: 60_000 });
    expect([await leads(second), await leads(third)]).toEqual([false, true]);
    expect(await hasImage(tagOf(1))).toBe(true);
    expect(await deployedBy(second)).toBeLessThanOrEqual(before);
  }, 600_000);
});
