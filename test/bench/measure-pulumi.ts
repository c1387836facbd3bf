import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { appName, followedImage, pathOf, sourceOf } from './generated-apps.js';
import { runMeasured, type CommandCost } from './run-measured.js';
import { ROOT, type BenchStage } from './stage.js';
import { measureOf, type Measure } from './statistics.js';
import type * as pluginShims from '../../src/sandbox/language-host/plugin-shims.js';

type PluginShims = typeof pluginShims;

/** What the stock command needs for the same changes. */
export interface PulumiMeasures {
  readonly git: Measure;
  readonly image: Measure;
  readonly drift: Measure;
  readonly noChangeCpu: Measure;
  readonly peakMemory: Measure;
}

/**
 * Runs `pulumi up` for the whole program in a clone of the remote, on the stack that the daemon left behind.
 * The language host and the Kubernetes plugin are the sandbox's, compiled.
 */
export async function measurePulumi(stage: BenchStage, runs: number): Promise<PulumiMeasures> {
  const up = await prepareClone(stage);
  const settled = await up([]);
  const costs = {
    git: [] as CommandCost[],
    image: [] as CommandCost[],
    drift: [] as CommandCost[],
    none: [] as CommandCost[],
  };
  for (let run = 0; run < runs; run += 1) {
    const index = 1 + (run % (stage.apps - 1));
    costs.none.push(await up([]));
    const value = `stock-${run}`;
    await writeFile(join(up.clone, pathOf(index)), sourceOf({ index, value }));
    costs.git.push(await up([]));
    await expectValue(stage, index, value);
    await stage.pushImage(0, `v3-${run}`);
    await setImage(up.clone, `v3-${run}`);
    costs.image.push(await up([]));
    await stage.changeLiveValue(index, 'edited');
    costs.drift.push(await up(['--refresh']));
    await expectValue(stage, index, value);
  }
  const times = (list: readonly CommandCost[]): number[] => list.map(({ ms }) => ms);
  const all = [settled, ...Object.values(costs).flat()];
  return {
    git: measureOf('pulumi up: a changed value', 'ms', times(costs.git)),
    image: measureOf('pulumi up: a changed image', 'ms', times(costs.image)),
    drift: measureOf('pulumi up --refresh: a drifted value', 'ms', times(costs.drift)),
    noChangeCpu: measureOf(
      'pulumi up: processor time without a change',
      'ms',
      costs.none.map(({ cpuMs }) => cpuMs),
    ),
    peakMemory: measureOf('pulumi up: peak memory', 'MiB', [Math.max(...all.map(({ peakMiB }) => peakMiB))]),
  };
}

/** Runs the first `pulumi up` of everything, into an empty cluster and an empty stack. */
export async function measureFirstUp(stage: BenchStage): Promise<Measure> {
  const up = await prepareClone(stage);
  const init = ['stack', 'select', 'prodesk', '--create', '--non-interactive'];
  await runMeasured(stage.pulumi, init, { cwd: up.clone, env: stage.env });
  const { ms } = await up([]);
  await expectValue(stage, stage.apps - 1, 'initial');
  return measureOf('pulumi up: everything, first', 'ms', [ms]);
}

interface Up {
  (flags: readonly string[]): Promise<CommandCost>;
  readonly clone: string;
}

async function prepareClone(stage: BenchStage): Promise<Up> {
  const clone = join(stage.directory, 'stock');
  await runMeasured('git', ['clone', '--quiet', stage.remote, clone], { cwd: stage.directory, env: stage.env });
  await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const bin = join(stage.directory, 'bin');
  const shims = join(ROOT, 'dist/sandbox/language-host/plugin-shims.js');
  const { writePluginShims } = (await import(pathToFileURL(shims).href)) as PluginShims;
  await writePluginShims(bin);
  const env = { ...stage.env, PATH: `${stage.env['PATH'] ?? ''}:${bin}` };
  const args = ['up', '--stack', 'prodesk', '--yes', '--skip-preview', '--non-interactive', '--color', 'never'];
  const up = (flags: readonly string[]): Promise<CommandCost> =>
    runMeasured(stage.pulumi, [...args, ...flags], { cwd: clone, env });
  return Object.assign(up, { clone });
}

/** What a person would do with `pulumi config set --path`. */
async function setImage(clone: string, tag: string): Promise<void> {
  const file = join(clone, 'Pulumi.prodesk.yaml');
  const settings = parse(await readFile(file, 'utf8')) as { config?: Record<string, unknown> };
  const images = { [appName(0)]: { [followedImage(0) ?? '']: tag } };
  await writeFile(file, stringify({ ...settings, config: { ...settings.config, 'prodesk:images': images } }));
}

async function expectValue(stage: BenchStage, index: number, value: string): Promise<void> {
  const live = await stage.liveValue(index);
  if (live !== value) {
    throw new Error(`after pulumi up, ${appName(index)} has "${live ?? ''}" instead of "${value}"`);
  }
}
