import { rm, writeFile } from 'node:fs/promises';
import { measureDaemon, type DaemonMeasures } from './measure-daemon.js';
import { measureKubectl, type KubectlMeasures } from './measure-kubectl.js';
import { measurePulumi, type PulumiMeasures } from './measure-pulumi.js';
import { parseOptions } from './options.js';
import { setStage } from './stage.js';
import { ratioOf, type Measure, type Ratio } from './statistics.js';
import { tableOf, type SizeResult } from './table.js';

const HOW = `The daemon is measured from the moment it is told to look at its sources, as by a webhook, until the API server has
the new value: the wait for the next poll is left out, asking Git and the registry is counted. It starts from rest: no engine process is running.
Ratios above 1 speak against the one named first. 'pulumi up' runs the whole program; both use the same stack and cluster, one after the other.`;

const note = (message: string): void => console.error(`bench: ${message}`);

async function measureSize(apps: number, runs: number): Promise<SizeResult> {
  const stage = await setStage(apps, note);
  let isDone = false;
  try {
    note(`${apps} applications: the daemon`);
    const daemon = await measureDaemon(stage, runs);
    note(`${apps} applications: pulumi up`);
    const pulumi = await measurePulumi(stage, runs);
    note(`${apps} applications: kubectl apply`);
    const kubectl = await measureKubectl(stage, runs);
    const { phases, ...measures } = daemon;
    isDone = true;
    return {
      apps,
      measures: [...listed(measures), ...listed(pulumi), ...(kubectl === undefined ? [] : listed(kubectl))],
      ratios: ratiosOf(daemon, pulumi, kubectl),
      notes: [
        ...phases.map((phase) => `first sync: ${phase}`),
        ...(kubectl === undefined ? ['no kubectl on PATH: its comparison is left out'] : []),
      ],
    };
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

const { sizes, runs, json } = parseOptions(process.argv.slice(2));
const results: SizeResult[] = [];
console.log(HOW);
for (const apps of sizes) {
  const result = await measureSize(apps, runs);
  results.push(result);
  console.log(`\n${tableOf(result)}`);
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ sizes: results }, undefined, 2)}\n`);
  }
}
