import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesBelow } from '../support/processes.js';

interface Report {
  readonly ok: boolean;
  readonly provider: string;
  readonly steps: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly detail: string;
  }[];
}

const STEPS = [
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

let folder: string;
let report: Report;
let exitCode: number;
let left: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prodesk-e2e-'));
  const file = join(folder, 'demo.json');
  const options = { env: { ...process.env, TMPDIR: folder }, maxBuffer: 2 ** 26 };
  const run = promisify(execFile)(process.execPath, [resolve('src/cli/prodesk.mjs'), 'demo', '--json', file], options);
  exitCode = await run.then(
    () => 0,
    (error: { code: number }) => error.code,
  );
  report = JSON.parse(await readFile(file, 'utf8')) as Report;
  left = await processesBelow(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('e2e/demo', () => {
  it.each(STEPS)('%s', (name) => {
    const step = report.steps.find((one) => one.name === name);
    expect(step?.detail).toBeTypeOf('string');
    expect({ ok: step?.ok, detail: step?.detail }).toEqual({ ok: true, detail: step?.detail });
  });

  it('plays exactly these steps, in this order', () => {
    expect(report.steps.map(({ name }) => name)).toEqual(STEPS);
  });

  it('ends with exit code 0 and says so in its report', () => {
    expect({ exitCode, ok: report.ok }).toEqual({ exitCode: 0, ok: true });
    expect(report.provider).toMatch(/^(official|embedded)$/);
  });

  it('leaves no process behind', () => {
    expect(left).toEqual([]);
  });
});
