import type { Command } from 'commander';
import { shortVersion } from '../app/image.js';
import { indented } from '../base/visible-text.js';
import { StalledError } from '../base/errors.js';
import type { DriverStatus } from '../driver/core/summarize.js';
import type { DaemonStatus } from '../server/daemon-view.js';
import { messageText, policyText, statusLines } from '../server/status-lines.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, print, styleOfState } from './output.js';

/** Adds `prodesk status`. */
export function registerStatusCommand(program: Command): void {
  withDaemonOption(program.command('status [app]'))
    .description('sync and health of every application, from the running daemon')
    .option('--json', 'print one JSON document')
    .action(async (app: string | undefined, options: { json?: boolean; stateDirectory?: string }) => {
      const status = onlyApp(await connectDaemon(options).status(), app);
      print(options.json === true ? formatJson(status) : statusText(status));
      process.exitCode = isWell(status) ? EXIT.ok : EXIT.outOfSync;
    });
}

/**
 * The status with one application, when one is named.
 * @throws StalledError `app/unknown`
 */
export function onlyApp<T extends DriverStatus>(status: T, name: string | undefined): T {
  const apps = status.apps.filter((app) => name === undefined || app.name === name);
  if (name !== undefined && apps.length === 0) {
    const known = status.apps.map((app) => app.name).join(', ');
    throw new StalledError('app/unknown', `no application "${name}"; there are: ${known || 'none'}`);
  }
  return { ...status, apps, findings: status.findings.filter(({ app }) => name === undefined || app === name) };
}

/** The tags of images, or the start of their digests. */
export function imagesText(images: Readonly<Record<string, string>>): string {
  return Object.values(images).map(shortVersion).join(' ');
}

function isWell({ apps, rejected }: DriverStatus): boolean {
  return rejected === undefined && apps.every(({ sync, health }) => sync === 'Synced' && health.status === 'Healthy');
}

function statusText(status: DaemonStatus): string {
  const { revision, apps } = status;
  const lines = [
    revision === undefined ? 'no revision yet' : `revision ${revision.commit.slice(0, 7)}  ${revision.subject}`,
    ...statusLines(status),
    '',
  ];
  const now = Date.now();
  const table = formatTable(apps, [
    { title: 'APP', value: ({ name }) => name },
    { title: 'SYNC', value: ({ sync }) => sync, style: ({ sync }) => styleOfState(sync) },
    { title: 'HEALTH', value: ({ health }) => health.status, style: ({ health }) => styleOfState(health.status) },
    { title: 'POLICY', value: policyText },
    { title: 'REVISION', value: (app) => app.revision?.slice(0, 7) ?? '-' },
    { title: 'IMAGES', value: ({ images }) => imagesText(images) || '-' },
    { title: 'MESSAGE', value: (app) => messageText(app, now) },
  ]);
  return [...lines.map(indented), table].join('\n');
}
