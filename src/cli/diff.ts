import type { Command } from 'commander';
import { ProdeskError } from '../base/errors.js';
import type { AppStatus, DriverStatus } from '../driver/core/summarize.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, note, print, styleOfState } from './output.js';
import { onlyApp } from './status.js';

/** Adds `prodesk diff`. */
export function registerDiffCommand(program: Command): void {
  withDaemonOption(program.command('diff'))
    .description('objects that differ from what Git wants, from the running daemon; values are never shown')
    .option('--app <name>', 'only this application')
    .option('--local', 'compare the working tree instead; also what happens where no daemon runs')
    .option('--stack <name>', 'the stack of the working tree', 'prodesk')
    .option('--json', 'print one JSON document')
    .action(diff);
}

interface DiffOptions {
  readonly app?: string;
  readonly local?: boolean;
  readonly stack: string;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

async function diff(options: DiffOptions): Promise<void> {
  const status = options.local === true ? undefined : await statusIfRunning(options);
  const { rows, waiting } =
    status === undefined ? await localDifferences(options) : daemonDifferences(onlyApp(status, options.app));
  print(options.json === true ? formatJson(rows) : differencesText(rows, waiting));
  process.exitCode = rows.length + waiting.length === 0 ? EXIT.ok : EXIT.outOfSync;
}

/** What differs: object by object, and applications that a sync would still change. */
interface Differences {
  readonly rows: readonly DifferenceRow[];
  readonly waiting: readonly string[];
}

function daemonDifferences({ apps }: DriverStatus): Differences {
  return {
    rows: apps.flatMap((app) => app.differences.map((difference) => ({ app: app.name, ...difference }))),
    waiting: apps.filter(({ sync }) => sync !== 'Synced').map(({ name }) => name),
  };
}

async function localDifferences({ app, stack }: DiffOptions): Promise<Differences> {
  const { compareWorkingTree } = await import('./local-diff.js');
  const compared = await compareWorkingTree(process.cwd(), stack);
  const chosen = compared.filter((one) => app === undefined || one.app === app);
  const rows = chosen.flatMap((one) => one.objects.map((object) => ({ app: one.app, ...object })));
  return { rows: rows.filter(({ state }) => state !== 'synced'), waiting: [] };
}

/** The daemon's status, or undefined when none answers. */
async function statusIfRunning(options: DiffOptions): Promise<DriverStatus | undefined> {
  try {
    return await connectDaemon(options).status();
  } catch (error) {
    if (error instanceof ProdeskError && error.code === 'daemon/unreachable') {
      note('no daemon answers; comparing the working tree');
      return undefined;
    }
    throw error;
  }
}

type DifferenceRow = AppStatus['differences'][number] & { readonly app: string };

function differencesText(rows: readonly DifferenceRow[], waiting: readonly string[]): string {
  if (rows.length === 0) {
    return waiting.length === 0 ? 'no differences' : `not synced yet: ${waiting.join(', ')}`;
  }
  return formatTable(rows, [
    { title: 'APP', value: ({ app }) => app },
    { title: 'STATE', value: ({ state }) => state, style: ({ state }) => styleOfState(state) },
    {
      title: 'OBJECT',
      value: ({ ref }) => `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`,
    },
    { title: 'FIELDS', value: ({ drift, problem }) => drift.join(' ') || (problem ?? '') },
  ]);
}
