import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installOfficialPlugin } from '../support/official-plugin.js';
import { playDemo, STEPS, type PlayedDemo } from './play-demo.js';

let home: string;
let demo: PlayedDemo;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'prodesk-official-'));
  await installOfficialPlugin(home, (line) => process.stderr.write(`${line}\n`));
  demo = await playDemo({ PRODESK_PROVIDER: 'official', PULUMI_HOME: home });
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('e2e/official-plugin', () => {
  it('the demo runs on the official Kubernetes plugin to its end', () => {
    expect(demo.report.provider).toBe('official');
    expect(demo.report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(demo.report.steps.map(({ name }) => name)).toEqual(STEPS);
    expect({ exitCode: demo.exitCode, ok: demo.report.ok }).toEqual({ exitCode: 0, ok: true });
  });

  it('leaves no process behind', () => {
    expect(demo.left).toEqual([]);
  });
});
