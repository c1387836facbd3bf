import { rm, writeFile } from 'node:fs/promises';
import { measureDaemon, type DaemonMeasures } from './measure-daemon.js';
import { measureKubectl, type KubectlMeasures } from './measure-kubectl.js';
import { measureFirstUp, measurePulumi, type PulumiMeasures } from './measure-pulumi.js';
import { parseOptions } from './options.js';
import { setStage, type BenchStage } from './stage.js';
import { ratioOf, type Measure, type Ratio } from './statistics.js';
import { tableOf, type SizeResult } from './table.js';

const HOW = `The daemon is measured from the moment it is told to look at its sources, as by a webhook, until the API server has
the new value: the wait for the next poll is left out, asking Git and the registry is counted. It starts from rest: no engine process is running.
Ratios above 1 speak against the one named first. 'pulumi up' runs the whole program; both use the same stack and cluster, one after the other.`;

const note = (message: string): void => console.error(`bench: ${message}`);

async function measureSize(apps: number, runs: number, firstUp: Measure | undefined): Promise<SizeResult> {
  return onStage(apps, async (stage) => {
    note(`${apps} applications: the daemon`);
    const daemon = await measureDaemon(stage, runs);
    note(`${apps} applications: pulumi up`);
    const pulumi = await measurePulumi(stage, runs);
    note(`${apps} applications: kubectl apply`);
    const kubectl = await measureKubectl(stage, runs);
    const { phases, ...measures } = daemon;
    const first = firstUp === undefined ? [] : [firstUp];
    return {
      apps,
      measures: [...listed(measures), ...listed(pulumi), ...first, ...(kubectl === undefined ? [] : listed(kubectl))],
      ratios: [...ratiosOf(daemon, pulumi, kubectl), ...first.map((measure) => ratioOf(daemon.firstSync, measure))],
      notes: [
        ...phases.map((phase) => `first sync: ${phase}`),
        ...(kubectl === undefined ? ['no kubectl on PATH: its comparison is left out'] : []),
      ],
    };
  });
}

async function measureFirst(apps: number): Promise<Measure> {
  return onStage(apps, (stage) => {
    note(`${apps} applications: the first pulumi up`);
    return measureFirstUp(stage);
  });
}

/** Does something on a fresh stage; what the stage leaves behind is kept only when that fails. */
async function onStage<T>(apps: number, act: (stage: BenchStage) => Promise<T>): Promise<T> {
  const stage = await setStage(apps, note);
  let isDone = false;
  try {
    const result = await act(stage);
    isDone = true;
    return result;
  } finally {
    await stage.stop();
    if (isDone) {
      await rm(stage.directory, { recursive: true, force: true });
    } else {
      note(`logs are in ${stage.directory}/logs`);
    }
  }
}

function listed<T extends { readonly [K in keyof T]: Measure }>(measures: T): Measure[] {
  return Object.values<Measure>(measures);
}

function ratiosOf(daemon: DaemonMeasures, pulumi: PulumiMeasures, kubectl: KubectlMeasures | undefined): Ratio[] {
  const toPulumi = [
    ratioOf(daemon.git, pulumi.git),
    ratioOf(daemon.image, pulumi.image),
    ratioOf(daemon.drift, pulumi.drift),
    ratioOf(daemon.pollCpu, pulumi.noChangeCpu),
    ratioOf(daemon.idleMemory, pulumi.peakMemory),
    ratioOf(daemon.peakMemory, pulumi.peakMemory),
  ];
  if (kubectl === undefined) {
    return toPulumi;
  }
  const changes = [daemon.git, daemon.image, daemon.drift].map((measure) => ratioOf(measure, kubectl.change));
  return [...toPulumi, ...changes, ratioOf(daemon.firstSync, kubectl.first)];
}

const { sizes, runs, json, pulumiFirst } = parseOptions(process.argv.slice(2));
const results: SizeResult[] = [];
console.log(HOW);
for (const apps of sizes) {
  const firstUp = pulumiFirst ? await measureFirst(apps) : undefined;
  const result = await measureSize(apps, runs, firstUp);
  results.push(result);
  console.log(`\n${tableOf(result)}`);
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ sizes: results }, undefined, 2)}\n`);
  }
}
