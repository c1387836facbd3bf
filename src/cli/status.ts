import type { Command } from 'commander';
import { shortVersion } from '../app/image.js';
import { formatDuration } from '../base/duration.js';
import { StalledError } from '../base/errors.js';
import type { DriverStatus } from '../driver/core/summarize.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, print, styleOfState } from './output.js';

/** Adds `prodesk status` and `prodesk history`. */
export function registerStatusCommand(program: Command): void {
  withDaemonOption(program.command('status [app]'))
    .description('sync and health of every application, from the running daemon')
    .option('--json', 'print one JSON document')
    .action(async (app: string | undefined, options: { json?: boolean; stateDirectory?: string }) => {
      const status = onlyApp(await connectDaemon(options).status(), app);
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
              { title: 'MESSAGE', value: ({ message, images }) => message ?? imagesText(images) },
            ]),
      );
    });
}

/**
 * The status with one application, when one is named.
 * @throws StalledError `app/unknown`
 */
export function onlyApp(status: DriverStatus, name: string | undefined): DriverStatus {
  const apps = status.apps.filter((app) => name === undefined || app.name === name);
  if (name !== undefined && apps.length === 0) {
    const known = status.apps.map((app) => app.name).join(', ');
    throw new StalledError('app/unknown', `no application "${name}"; there are: ${known || 'none'}`);
  }
  return { ...status, apps };
}

function imagesText(images: Readonly<Record<string, string>>): string {
  return Object.values(images).map(shortVersion).join(' ');
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
    { title: 'IMAGES', value: ({ images }) => imagesText(images) || '-' },
    { title: 'MESSAGE', value: ({ message }) => message ?? '' },
  ]);
  return [...lines, table].join('\n');
}
