import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { formatJson, note, print } from './output.js';
import type { Stage } from './demo/stage.js';

interface DemoOptions {
  readonly json?: string;
  readonly keep?: boolean;
}

/** Adds `prodesk demo`. */
export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('act out everything on a real control plane, registry and Git remote on this machine')
    .option('--json <file>', 'write the steps and their times to a file')
    .option('--keep', 'leave everything running at the end, until interrupted')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const { demoDirectory, setStage } = await import('./demo/stage.js');
  const { DemoReport } = await import('./demo/report.js');
  const { play } = await import('./demo/acts.js');
  const directory = await demoDirectory();
  const report = new DemoReport();
  const interrupted = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  let stage: Stage | undefined;
  const act = async (): Promise<void> => {
    stage = await setStage(directory, note);
    const daemon = await play(stage, report);
    print(`\n${report.table()}`);
    await writeReport(options, report, await providerOf(stage.logFile));
    if (options.keep === true) {
      printHowToLookAround(stage);
      await interrupted;
    }
    await daemon.stop();
  };
  const ended = await Promise.race([
    act().then(() => 'played' as const),
    interrupted.then(() => 'interrupted' as const),
  ]);
  await stage?.stop();
  if (ended === 'played' && report.ok) {
    await rm(directory, { recursive: true, force: true });
  } else {
    note(`logs are in ${directory}/logs`);
  }
  process.exit(
    ended === 'interrupted' && options.keep !== true ? EXIT.interrupted : report.ok ? EXIT.ok : EXIT.failure,
  );
}

async function writeReport(
  options: DemoOptions,
  report: { readonly ok: boolean; readonly steps: readonly object[] },
  provider: string,
): Promise<void> {
  if (options.json !== undefined) {
    await writeFile(options.json, `${formatJson({ ok: report.ok, provider, steps: report.steps })}\n`);
  }
}

/** Which Kubernetes plugin the daemon chose, from its log. */
async function providerOf(logFile: string): Promise<'official' | 'embedded'> {
  const log = await readFile(logFile, 'utf8');
  return log.includes('"provider":"official"') ? 'official' : 'embedded';
}

function printHowToLookAround({ env, remote, logFile }: Stage): void {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
  print(`\neverything is still running; in another terminal:\n\n${lines.join('\n')}\n`);
  print(`npx prodesk status\nkubectl get all -A\ngit clone ${remote}\ntail -f ${logFile}\n\nCtrl-C ends it.`);
}
