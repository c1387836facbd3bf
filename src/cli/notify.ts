import type { Command } from 'commander';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { showOutcome, withJsonOption } from './outcome.js';

/** Adds `prodesk notify`. */
export function registerNotifyCommand(program: Command): void {
  const notify = program.command('notify').description('notifications of the running daemon');
  withJsonOption(withDaemonOption(notify.command('test <receiver>')))
    .description('let the daemon send a receiver a notification now')
    .action(async (receiver: string, options: { json?: boolean; stateDirectory?: string }) => {
      showOutcome({ app: receiver, ...(await connectDaemon(options).testReceiver(receiver)) }, 'sent', options);
    });
}
