import type { Command } from 'commander';
import { describeFinding, warningsIn } from '../app/checks/finding.js';
import { shortVersion } from '../app/image.js';
import { formatDuration } from '../base/duration.js';
import { indented } from '../base/visible-text.js';
import { StalledError } from '../base/errors.js';
import { describePause } from '../driver/core/pause.js';
import type { Pause } from '../driver/core/state.js';
import type { AppStatus, DriverStatus } from '../driver/core/summarize.js';
import type { DaemonStatus } from '../server/daemon-view.js';
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
  const { revision, rejected, apps } = status;
  const lines = [
    revision === undefined ? 'no revision yet' : `revision ${revision.commit.slice(0, 7)}  ${revision.subject}`,
    ...(rejected === undefined
      ? []
      : [`commit ${rejected.commit.slice(0, 7)} was not taken: ${rejected.problem.message}`]),
    ...(status.paused === undefined ? [] : [`everything is ${pauseText(status.paused)}`]),
    ...(status.clusterReachable ? [] : ['the cluster cannot be reached']),
    ...(status.engineProblem === undefined ? [] : [`the engine failed: ${status.engineProblem.message}`]),
    ...leadershipLines(status.leadership),
    ...(status.disk === undefined ? [] : [status.disk.message]),
    ...orphanLines(status.orphans?.length ?? 0),
    ...warningsIn(status).map((finding) => `warning: ${finding.app}: ${describeFinding(finding)}`),
    ...status.sources.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem.message}`])),
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

function leadershipLines(leadership: DaemonStatus['leadership']): string[] {
  if (leadership === undefined || leadership.isLeader) {
    return [];
  }
  const { holder = 'nobody yet', lease } = leadership;
  return [`this daemon is a follower and writes nothing; who leads: ${holder} (lease ${lease})`];
}

function orphanLines(count: number): string[] {
  return count === 0 ? [] : [`objects in the cluster that are defined nowhere: ${count}; see prodesk orphans`];
}

function policyText({ paused, pinned, automated }: AppStatus): string {
  if (paused !== undefined) {
    return 'paused';
  }
  const policy = automated ? 'auto' : 'manual';
  return pinned === undefined ? policy : `${policy}, pinned`;
}

function messageText({ paused, window, message = '', retryAt }: AppStatus, now: number): string {
  if (paused !== undefined) {
    return pauseText(paused);
  }
  if (window?.open === false && retryAt !== undefined && retryAt === window.opensAt) {
    return `${message}, which opens ${new Date(retryAt).toISOString()}`;
  }
  return message === '' || retryAt === undefined || retryAt <= now
    ? message
    : `${message}; next try in ${formatDuration(retryAt - now)}`;
}

function pauseText(pause: Pause): string {
  const end = pause.until === undefined ? '' : ` (until ${new Date(pause.until).toISOString()})`;
  return `${describePause(pause)}${end}`;
}
