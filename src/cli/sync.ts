import type { Command } from 'commander';
import { formatDuration } from '../base/duration.js';
import type { SyncOutcome } from '../server/daemon-view.js';
import { connectDaemon, withDaemonOption, type DaemonClient } from './daemon-client.js';
import { showOutcome, withJsonOption } from './outcome.js';
import { untilWell, withTimeoutOption } from './wait.js';

interface SyncFlags {
  readonly prune?: boolean;
  readonly latest?: boolean;
  readonly retryImages?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

/** Adds `prodesk sync` and `prodesk refresh`. */
export function registerSyncCommand(program: Command): void {
  withTimeoutOption(withJsonOption(withDaemonOption(program.command('sync <app>'))))
    .description('sync one application now, whatever its policy, and wait until it is Synced and Healthy')
    .option('--prune', 'delete the objects of an application that is no longer in Git')
    .option('--latest', 'release what is pinned first')
    .option('--retry-images', 'try images again that were rolled back')
    .option('--no-wait', 'ask for it, and do not wait')
    .action(async (app: string, options: SyncFlags) => {
      const outcome = await sync(connectDaemon(options), app, options);
      showOutcome({ app, ...outcome }, options.wait ? 'synced' : 'asked for', options);
    });
  withJsonOption(withDaemonOption(program.command('refresh')))
    .description('poll Git and the registries now')
    .action(async (options: { json?: boolean; stateDirectory?: string }) => {
      await connectDaemon(options).refresh();
      showOutcome({ ok: true }, 'asked for', options);
    });
}

/** The daemon answers when the last stage has ended; then the rollout is awaited. */
async function sync(client: DaemonClient, app: string, options: SyncFlags): Promise<SyncOutcome> {
  const { wait, timeout, prune = false, retryImages = false, latest = false } = options;
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(timeout);
  try {
    const outcome = await client.sync(app, { prune, retryImages, latest, wait }, signal);
    return outcome.ok && wait ? await untilWell(client, app, timeout - (performance.now() - startedAt)) : outcome;
  } catch (error) {
    if (signal.aborted) {
      return { ok: false, message: `not done within ${formatDuration(timeout)}; it goes on: prodesk wait ${app}` };
    }
    throw error;
  }
}
