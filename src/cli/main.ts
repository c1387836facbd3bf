import { Command, CommanderError } from 'commander';
import { registerAdoptCommand } from './adopt.js';
import { registerCompletionCommand } from './completion.js';
import { registerDemoCommand } from './demo.js';
import { registerDiffCommand } from './diff.js';
import { registerDriverCommand } from './driver.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { registerHistoryCommand } from './history.js';
import { registerNotifyCommand } from './notify.js';
import { registerPauseCommand } from './pause.js';
import { registerImportCommand } from './import.js';
import { describeError } from './report-error.js';
import { registerRbacCommand } from './rbac.js';
import { registerNewCommand } from './new.js';
import { registerOrphansCommand } from './orphans.js';
import { registerRollbackCommand } from './rollback.js';
import { registerSandboxCommand } from './sandbox.js';
import { registerSecretsCommand } from './secrets.js';
import { registerStatusCommand } from './status.js';
import { registerSyncCommand } from './sync.js';
import { registerWaitCommand } from './wait.js';
import { registerSynthCommand } from './synth.js';
import { readVersion } from './version.js';

const AFTER_HELP = `
Examples:
  prodesk demo                       watch a change go from Git to a running cluster, all on this machine
  prodesk synth                      print the objects of every application
  prodesk diff --app naver-news      what a sync would change
  prodesk status                     sync and health of every application
  prodesk sync redis                 sync one application now
  prodesk import k8s/blog            make an application of a folder of manifests
  prodesk adopt --dry-run            what taking over running objects would change
  prodesk secrets list               which secrets are used, and which are missing

Exit codes:
  0  done
  1  it failed; the message says why and what to do
  2  the command line or the configuration is wrong
  3  there are differences (diff), a secret is missing (secrets list), or something is out of sync or not healthy (status)
  130  interrupted

Colours appear on a terminal only; NO_COLOR=1 turns them off.`;

const COMMANDS = [
  registerDemoCommand,
  registerNewCommand,
  registerSynthCommand,
  registerDiffCommand,
  registerStatusCommand,
  registerHistoryCommand,
  registerOrphansCommand,
  registerSyncCommand,
  registerWaitCommand,
  registerRollbackCommand,
  registerPauseCommand,
  registerNotifyCommand,
  registerSecretsCommand,
  registerDriverCommand,
  registerImportCommand,
  registerAdoptCommand,
  registerRbacCommand,
  registerSandboxCommand,
  registerCompletionCommand,
];

/** The `prodesk` command with everything it can do. Commands load what they need when they run. */
export function buildProgram(): Command {
  const program = new Command('prodesk')
    .description('Keeps a Kubernetes cluster equal to a TypeScript program in Git')
    .version(readVersion())
    .option('--verbose', 'print details, and stack traces of failures')
    .addHelpText('after', AFTER_HELP);
  for (const register of COMMANDS) {
    register(program);
  }
  prepareCommands(program);
  return program;
}

/** Runs the command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endOnClosedPipe);
  const program = buildProgram();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = reportFailure(error, program.opts().verbose === true);
  }
}

/** The reader of our output, such as `head`, has enough. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(EXIT.ok);
}

function reportFailure(error: unknown, verbose: boolean): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  process.stderr.write(`${describeError(error, { verbose, target: process.stderr })}\n`);
  return exitCodeOf(error);
}

/** Wrong usage ends in {@link main} and not in the parser, and shows where to read on. */
function prepareCommands(command: Command): void {
  command.exitOverride().showHelpAfterError('Add --help for how to use it.');
  command.commands.forEach(prepareCommands);
}
