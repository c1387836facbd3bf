import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDaemon, type DaemonClient } from '../../src/cli/daemon-client.js';
import type { DriverStatus } from '../../src/driver/core/summarize.js';
import { superviseProcess, type SupervisedProcess } from '../../src/sandbox/supervised-process.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { ROOT, type BenchStage } from './stage.js';

/** A line of the daemon's log. */
export interface LogLine {
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A daemon on a stage. */
export interface BenchDaemon {
  readonly process: SupervisedProcess;
  readonly client: DaemonClient;
  log(): Promise<LogLine[]>;
  /** Waits until every application is Synced and Healthy. */
  waitForAll(timeoutMs: number): Promise<DriverStatus>;
  /** Waits until, in addition, no engine process is kept, so that what follows is measured from rest. */
  waitForRest(): Promise<void>;
}

/** Polls only when it is told to, so that no measurement holds a wait for a poll; keeps no engine process for long. */
const FLAGS = [
  '--listen',
  'off',
  '--log-level',
  'debug',
  '--git-interval',
  '24h',
  '--registry-interval',
  '24h',
  '--engine-idle',
  '1s',
];

/** Starts the compiled daemon, as in production. */
export async function startDaemon(stage: BenchStage): Promise<BenchDaemon> {
  const logFile = join(stage.directory, 'logs', 'daemon.log');
  const client = connectDaemon({ stateDirectory: stage.env['PRODESK_STATE_DIRECTORY'] ?? '' });
  const process_ = await superviseProcess({
    name: 'daemon',
    program: process.execPath,
    args: [join(ROOT, 'src/cli/prodesk.mjs'), 'driver', ...FLAGS],
    cwd: stage.directory,
    env: stage.env,
    logFile,
    graceMs: 30_000,
  });
  const ended = new AbortController();
  void process_.exited.then(() => ended.abort());
  const log = (): Promise<LogLine[]> => readLog(logFile);
  const waitForAll = (timeoutMs: number): Promise<DriverStatus> =>
    waitUntil(
      async () => {
        const status = await client.status();
        const isWell = status.apps.every(
          ({ sync, health, operation }) => sync === 'Synced' && health.status === 'Healthy' && operation === undefined,
        );
        return status.apps.length === stage.apps && isWell && status;
      },
      {
        what: `every application Synced and Healthy (see ${logFile})`,
        timeoutMs,
        intervalMs: 200,
        signal: ended.signal,
      },
    );
  return {
    process: process_,
    client,
    log,
    waitForAll,
    async waitForRest() {
      await waitForAll(120_000);
      const atRest = async (): Promise<boolean> => {
        const lines = await log();
        const count = (msg: string): number => lines.filter((line) => line.msg === msg).length;
        return count('engine worker started') === count('engine worker ended');
      };
      await waitUntil(atRest, { what: 'the engine process to end', intervalMs: 200, signal: ended.signal });
    },
  };
}

async function readLog(file: string): Promise<LogLine[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as LogLine);
}
