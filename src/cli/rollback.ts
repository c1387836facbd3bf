import { InvalidArgumentError, type Command } from 'commander';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { showOutcome, withJsonOption } from './outcome.js';

interface RollbackFlags {
  readonly to?: number;
  readonly image?: string;
  readonly revision?: string;
  readonly reason?: string;
  readonly prune?: boolean;
  readonly json?: boolean;
  readonly stateDirectory?: string;
}

const AFTER_HELP = `
Without --to, --image or --revision it goes back to the newest other state that was Healthy.
An application stays where it was put, whatever Git and the registry say, until: prodesk unpin APP, or: prodesk sync APP --latest

Examples:
  prodesk rollback naver-news
  prodesk rollback naver-news --to 12
  prodesk rollback naver-news --image master-e0b0c0c --reason "slow queries"
  prodesk rollback mysql --revision 3a1e2c5`;

/** Adds `prodesk rollback` and `prodesk unpin`. */
export function registerRollbackCommand(program: Command): void {
  withJsonOption(withDaemonOption(program.command('rollback <app>')))
    .description('put an application back to something earlier, and hold it there')
    .option('--to <n>', 'the state of a history entry: its commit and its images', numberArgument)
    .option('--image <tag>', 'the version of the image it follows; IMAGE:TAG where there are several')
    .option('--revision <commit>', 'what that commit has of it; images go on being followed')
    .option('--reason <text>', 'why, shown in the status, in history and in the audit log')
    .option('--prune', 'delete objects that the earlier state does not have, however many')
    .addHelpText('after', AFTER_HELP)
    .action(async (app: string, { stateDirectory, prune, json = false, ...options }: RollbackFlags) => {
      const client = connectDaemon(stateDirectory === undefined ? {} : { stateDirectory });
      const outcome = await client.rollback(app, { ...options, prune: prune === true });
      showOutcome({ app, ...outcome }, `rolled back; release it with: prodesk unpin ${app}`, { json });
    });
  withJsonOption(withDaemonOption(program.command('unpin <app>')))
    .description('let an application that was rolled back follow Git and the registry again')
    .action(async (app: string, options: { json?: boolean; stateDirectory?: string }) => {
      await connectDaemon(options).unpin(app);
      showOutcome({ app, ok: true }, 'released', options);
    });
}

function numberArgument(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError('write the number that `prodesk history` shows');
  }
  return number;
}
