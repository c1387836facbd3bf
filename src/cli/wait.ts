import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { formatDuration } from '../base/duration.js';
import { TransientError } from '../base/errors.js';
import type { AppStatus } from '../driver/core/summarize.js';
import type { DaemonStatus, SyncOutcome } from '../server/daemon-view.js';
import { connectDaemon, withDaemonOption, type DaemonClient } from './daemon-client.js';
import { durationArgument } from './duration-argument.js';
import { showOutcome, withJsonOption } from './outcome.js';
import { onlyApp } from './status.js';

const INTERVAL_MS = 500;
const DEFAULT_TIMEOUT_MS = 600_000;

/** Adds `prodesk wait`. */
export function registerWaitCommand(program: Command): void {
  withTimeoutOption(withJsonOption(withDaemonOption(program.command('wait [app]'))))
    .description('wait until one application, or each, is Synced and Healthy and nothing of it is under way')
    .action(async (app: string | undefined, options: { json?: boolean; timeout: number; stateDirectory?: string }) => {
      const client = connectDaemon(options);
      onlyApp(await client.status(), app);
      showOutcome({ app, ...(await untilWell(client, app, options.timeout)) }, 'Synced and Healthy', options);
    });
}

/** Adds the option that says how long a command waits. */
export function withTimeoutOption(command: Command): Command {
  return command.option(
    '--timeout <duration>',
    'how long to wait at most, such as 90s',
    durationArgument,
    DEFAULT_TIMEOUT_MS,
  );
}

/**
 * Waits until one application, or each, is as it should be. A daemon that does not answer for a moment is asked again.
 * @param timeoutMs how long, in milliseconds
 */
export async function untilWell(
  client: DaemonClient,
  app: string | undefined,
  timeoutMs: number,
): Promise<SyncOutcome> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const open = await openIn(client, app);
    if (open === undefined) {
      return { ok: true };
    }
    if (performance.now() >= deadline) {
      return { ok: false, message: `not done within ${formatDuration(timeoutMs)}; it goes on: ${open}` };
    }
    await sleep(INTERVAL_MS);
  }
}

async function openIn(client: DaemonClient, app: string | undefined): Promise<string | undefined> {
  try {
    return describeOpen(await client.status(), app);
  } catch (error) {
    if (error instanceof TransientError) {
      return error.message;
    }
    throw error;
  }
}

/** What of one application, or of any, is not yet as it should be; undefined when nothing is. One that is gone is not waited for. */
export function describeOpen({ apps }: Pick<DaemonStatus, 'apps'>, name: string | undefined): string | undefined {
  const open = apps.filter((app) => (name === undefined || app.name === name) && !isDone(app));
  return open.length === 0 ? undefined : open.map(describeApp).join('; ');
}

function isDone({ sync, health, operation, underWay }: AppStatus): boolean {
  return sync === 'Synced' && health.status === 'Healthy' && operation === undefined && underWay !== true;
}

function describeApp({ name, sync, health, message }: AppStatus): string {
  return `${name} is ${sync} and ${health.status}${message === undefined ? '' : ` (${message})`}`;
}
