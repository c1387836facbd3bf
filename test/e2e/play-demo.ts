import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { processesBelow } from '../support/processes.js';

/** What `prodesk demo --json FILE` writes. */
export interface Report {
  readonly ok: boolean;
  readonly provider: string;
  readonly steps: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly detail: string;
  }[];
}

/** What the demo shows, in this order. */
export const STEPS = [
  'first sync of all applications',
  'infra change by a push to Git',
  'new image by a push to the registry',
  'tag that the filter rejects is ignored',
  'broken image is rolled back',
  'application added by a folder',
  'application removed and pruned, its data kept',
  'manual edit is healed',
  'manual delete is healed',
  'manual-sync application is reported, then synced on command',
  'bad commit is reported and survived',
  'daemon killed during an update recovers by itself',
  "a developer's pulumi preview shows no change",
];

/** How a demo went. */
export interface PlayedDemo {
  readonly report: Report;
  readonly exitCode: number;
  /** Processes that it left behind. */
  readonly left: readonly string[];
}

/** Plays the demo in a folder of its own, with more variables in its environment. */
export async function playDemo(environment: Readonly<Record<string, string>> = {}): Promise<PlayedDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'prodesk-e2e-'));
  try {
    const file = join(folder, 'demo.json');
    const options = { env: { ...process.env, ...environment, TMPDIR: folder }, maxBuffer: 2 ** 26 };
    const run = promisify(execFile)(
      process.execPath,
      [resolve('src/cli/prodesk.mjs'), 'demo', '--json', file],
      options,
    );
    const exitCode = await run.then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    return { report, exitCode, left: await processesBelow(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
