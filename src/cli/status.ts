import type { Command } from 'commander';
import { formatDuration } from '../base/duration.js';
import { ProdeskError, StalledError } from '../base/errors.js';
import type { AppStatus, DriverStatus } from '../driver/core/summarize.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, note, print, styleOfState } from './output.js';

/** Adds `prodesk status` and `prodesk history`. */
export function registerStatusCommand(program: Command): void {
  withDaemonOption(program.command('status [app]'))
    .description('sync and health of every application, from the running daemon')
    .option('--json', 'print one JSON document')
    .action(async (app: string | undefined, options: { json?: boolean; stateDirectory?: string }) => {
      const status = only(await connectDaemon(options).status(), app);
      print(options.json === true ? formatJson(status) : statusText(status));
      process.exitCode = isWell(status) ? EXIT.ok : EXIT.outOfSync;
    });
  withDaemonOption(program.command('history [app]'))
    .description('what happened to the applications, newest first')
    .option('--limit <n>', 'how many entries', '20')
    .option('--json', 'print one JSON document')
    .action(async (app: string | undefined, options: { json?: boolean; limit: string; stateDirectory?: string }) => {
      const entries = await connectDaemon(options).history(Number(options.limit), app);
      print(
        options.json === true
          ? formatJson(entries)
          : formatTable(entries, [
              { title: 'TIME', value: ({ at }) => new Date(at).toISOString() },
              { title: 'APP', value: (entry) => entry.app },
              { title: 'WHAT', value: ({ kind }) => kind },
              { title: 'OUTCOME', value: ({ outcome }) => outcome, style: ({ outcome }) => styleOfState(outcome) },
              {
                title: 'TOOK',
                value: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)),
              },
              { title: 'REVISION', value: ({ revision }) => (revision ?? '').slice(0, 7) },
              { title: 'BY', value: ({ by }) => by },
              { title: 'MESSAGE', value: ({ message, images }) => message ?? Object.values(images).join(' ') },
            ]),
      );
    });
}

/** Adds `prodesk sync` and `prodesk refresh`. */
export function registerSyncCommand(program: Command): void {
  withDaemonOption(program.command('sync <app>'))
    .description('sync one application now, whatever its policy')
    .option('--prune', 'delete the objects of an application that is no longer in Git')
    .option('--retry-images', 'try images again that were rolled back')
    .action(async (app: string, options: { prune?: boolean; retryImages?: boolean; stateDirectory?: string }) => {
      const { ok, message } = await connectDaemon(options).sync(app, {
        prune: options.prune === true,
        retryImages: options.retryImages === true,
      });
      print(ok ? `${app}: synced` : `${app}: ${message ?? 'failed'}`);
      process.exitCode = ok ? EXIT.ok : EXIT.failure;
    });
  withDaemonOption(program.command('refresh'))
    .description('poll Git and the registries now')
    .action(async (options: { stateDirectory?: string }) => {
      await connectDaemon(options).refresh();
    });
}

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
    status === undefined ? await localDifferences(options) : daemonDifferences(only(status, options.app));
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

/**
 * The status with one application, when one is named.
 * @throws StalledError `app/unknown`
 */
function only(status: DriverStatus, name: string | undefined): DriverStatus {
  const apps = status.apps.filter((app) => name === undefined || app.name === name);
  if (name !== undefined && apps.length === 0) {
    const known = status.apps.map((app) => app.name).join(', ');
    throw new StalledError('app/unknown', `no application "${name}"; there are: ${known || 'none'}`);
  }
  return { ...status, apps };
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

function isWell({ apps, rejected }: DriverStatus): boolean {
  return rejected === undefined && apps.every(({ sync, health }) => sync === 'Synced' && health.status === 'Healthy');
}

function statusText(status: DriverStatus): string {
  const { revision, rejected, apps } = status;
  const lines = [
    revision === undefined ? 'no revision yet' : `revision ${revision.commit.slice(0, 7)}  ${revision.subject}`,
    ...(rejected === undefined
      ? []
      : [`commit ${rejected.commit.slice(0, 7)} was not taken: ${rejected.problem.message}`]),
    ...(status.clusterReachable ? [] : ['the cluster cannot be reached']),
    ...(status.engineProblem === undefined ? [] : [`the engine failed: ${status.engineProblem.message}`]),
    ...status.sources.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem.message}`])),
    '',
  ];
  const table = formatTable(apps, [
    { title: 'APP', value: ({ name }) => name },
    { title: 'SYNC', value: ({ sync }) => sync, style: ({ sync }) => styleOfState(sync) },
    { title: 'HEALTH', value: ({ health }) => health.status, style: ({ health }) => styleOfState(health.status) },
    { title: 'POLICY', value: ({ automated }) => (automated ? 'auto' : 'manual') },
    { title: 'REVISION', value: (app) => app.revision?.slice(0, 7) ?? '-' },
    { title: 'IMAGES', value: ({ images }) => Object.values(images).join(' ') || '-' },
    { title: 'MESSAGE', value: ({ message }) => message ?? '' },
  ]);
  return [...lines, table].join('\n');
}
