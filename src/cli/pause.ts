import type { Command } from 'commander';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { durationArgument } from './duration-argument.js';
import { showOutcome, withJsonOption } from './outcome.js';

interface PauseFlags {
  readonly for?: number;
  readonly reason?: string;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

/** Adds `prodesk pause` and `prodesk resume`. */
export function registerPauseCommand(program: Command): void {
  withJsonOption(withDaemonOption(program.command('pause [app]')))
    .description('write nothing of an application, or of all; they are still observed and reported')
    .option('--for <duration>', 'resume by itself after that, such as 2h', durationArgument)
    .option('--reason <text>', 'why, shown in the status and in the audit log')
    .action(async (app: string | undefined, options: PauseFlags) => {
      await connectDaemon(options).pause(app, {
        ...(options.for !== undefined && { forMs: options.for }),
        ...(options.reason !== undefined && { reason: options.reason }),
      });
      showOutcome({ app, ok: true }, 'paused', options);
    });
  withJsonOption(withDaemonOption(program.command('resume [app]')))
    .description('end the pause of an application, or that of all')
    .action(async (app: string | undefined, options: PauseFlags) => {
      await connectDaemon(options).resume(app);
      showOutcome({ app, ok: true }, 'resumed', options);
    });
}
