import type { Command } from 'commander';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { showOutcome, withJsonOption } from './outcome.js';

interface SyncFlags {
  readonly prune?: boolean;
  readonly latest?: boolean;
  readonly retryImages?: boolean;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

/** Adds `prodesk sync` and `prodesk refresh`. */
export function registerSyncCommand(program: Command): void {
  withJsonOption(withDaemonOption(program.command('sync <app>')))
    .description('sync one application now, whatever its policy')
    .option('--prune', 'delete the objects of an application that is no longer in Git')
    .option('--latest', 'release what is pinned first')
    .option('--retry-images', 'try images again that were rolled back')
    .action(async (app: string, options: SyncFlags) => {
      const outcome = await connectDaemon(options).sync(app, {
        prune: options.prune === true,
        retryImages: options.retryImages === true,
        latest: options.latest === true,
      });
      showOutcome({ app, ...outcome }, 'synced', options);
    });
  withJsonOption(withDaemonOption(program.command('refresh')))
    .description('poll Git and the registries now')
    .action(async (options: { json?: boolean; stateDirectory?: string }) => {
      await connectDaemon(options).refresh();
      showOutcome({ ok: true }, 'asked for', options);
    });
}
