import type { Command } from 'commander';
import { describeRef } from '../app/manifest.js';
import { StalledError } from '../base/errors.js';
import { type AdoptionEffect, type AdoptionStep, obstaclesOf, planAdoption } from './adopt-plan.js';
import { withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import type { LocalDifference } from './local-diff.js';
import { formatJson, formatTable, note, print, type Style } from './output.js';

interface AdoptCommandOptions {
  readonly dryRun?: boolean;
  readonly allowRestart?: boolean;
  readonly stack: string;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

/** Adds `prodesk adopt`. */
export function registerAdoptCommand(program: Command): void {
  withDaemonOption(program.command('adopt'))
    .argument('[app...]', 'applications of the working tree (default: all)')
    .description('take over objects that run already: report every field that would change, then apply')
    .option('--dry-run', 'only report')
    .option('--allow-restart', 'also where pods would restart')
    .option('--stack <name>', 'the stack of the working tree', 'prodesk')
    .option('--json', 'print one JSON document')
    .action(adopt);
}

async function adopt(apps: readonly string[], options: AdoptCommandOptions): Promise<void> {
  const { compareWorkingTree } = await import('./local-diff.js');
  const chosen = choose(await compareWorkingTree(process.cwd(), options.stack), apps);
  const steps = chosen.flatMap(({ app, objects }) => planAdoption(app, objects));
  const obstacles = obstaclesOf(steps, options.allowRestart === true);
  print(options.json === true ? formatJson(steps) : planText(steps));
  if (obstacles.length > 0) {
    note(refusalText(obstacles));
    process.exitCode = EXIT.outOfSync;
    return;
  }
  if (options.dryRun === true) {
    process.exitCode = steps.every(({ effect }) => effect === 'nothing') ? EXIT.ok : EXIT.outOfSync;
    return;
  }
  const { runAdoption } = await import('./run-adoption.js');
  await runAdoption({ differences: chosen, isWhole: apps.length === 0, directory: process.cwd(), ...options });
}

function choose(compared: readonly LocalDifference[], apps: readonly string[]): readonly LocalDifference[] {
  const unknown = apps.find((name) => !compared.some(({ app }) => app === name));
  if (unknown !== undefined) {
    const known = compared.map(({ app }) => app).join(', ');
    throw new StalledError('app/unknown', `no application "${unknown}" can be adopted; there are: ${known}`);
  }
  return apps.length === 0 ? compared : compared.filter(({ app }) => apps.includes(app));
}

const WORDS: Readonly<Record<AdoptionEffect, string>> = {
  nothing: 'as it is',
  metadata: 'labels only',
  creates: 'is created',
  changes: 'changes',
  restarts: 'RESTARTS PODS',
  refused: 'REFUSED',
  unknown: 'UNKNOWN',
};

const STYLES: Readonly<Record<AdoptionEffect, Style>> = {
  nothing: 'dim',
  metadata: 'green',
  creates: 'yellow',
  changes: 'yellow',
  restarts: 'red',
  refused: 'red',
  unknown: 'red',
};

function planText(steps: readonly AdoptionStep[]): string {
  return formatTable(steps, [
    { title: 'APP', value: ({ app }) => app },
    { title: 'EFFECT', value: ({ effect }) => WORDS[effect], style: ({ effect }) => STYLES[effect] },
    { title: 'OBJECT', value: ({ ref }) => describeRef(ref) },
    { title: 'WRITTEN BY', value: ({ writer }) => writer ?? '' },
    { title: 'FIELDS', value: ({ fields, problem }) => [fields.join(' '), problem ?? ''].filter(Boolean).join(': ') },
  ]);
}

function refusalText(obstacles: readonly AdoptionStep[]): string {
  const restarts = obstacles.filter(({ effect }) => effect === 'restarts');
  const others = obstacles.filter(({ effect }) => effect !== 'restarts');
  return [
    'nothing was adopted',
    ...(restarts.length > 0
      ? [`  pods of ${list(restarts)} would restart: make their fields equal, or use --allow-restart`]
      : []),
    ...(others.length > 0 ? [`  the API server would not take, or does not know: ${list(others)}`] : []),
  ].join('\n');
}

function list(steps: readonly AdoptionStep[]): string {
  return steps.map(({ ref }) => describeRef(ref)).join(', ');
}
