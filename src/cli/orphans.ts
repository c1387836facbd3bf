import type { Command } from 'commander';
import { describeRef } from '../app/manifest.js';
import type { OrphanReport } from '../driver/orphans.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, note, print } from './output.js';

/** Adds `prodesk orphans`. */
export function registerOrphansCommand(program: Command): void {
  withDaemonOption(program.command('orphans'))
    .description('objects of this project in the cluster that nothing defines any more; deletes nothing')
    .option('--json', 'print one JSON document')
    .action(async (options: { json?: boolean; stateDirectory?: string }) => {
      const report = await connectDaemon(options).orphans();
      print(options.json === true ? formatJson(report) : orphansText(report));
      if (report.unseen.length > 0) {
        note(`not looked at, because the daemon may not list them: ${report.unseen.join(', ')}`);
      }
      process.exitCode = report.orphans.every(({ isKept }) => isKept) ? EXIT.ok : EXIT.outOfSync;
    });
}

/** What was found as a table, and how to delete one. */
export function orphansText({ orphans }: OrphanReport): string {
  const [first] = orphans;
  if (first === undefined) {
    return 'everything of this project in the cluster is defined';
  }
  const table = formatTable(orphans, [
    { title: 'APP', value: ({ app }) => app },
    { title: 'OBJECT', value: ({ ref }) => describeRef(ref) },
    { title: 'WHY', value: ({ isKept }) => (isKept ? 'kept when it left Git' : 'defined nowhere') },
  ]);
  const { kind, namespace, name } = first.ref;
  const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
  return `${table}\n\nDelete one when you are sure, for example:\n  kubectl delete ${kind.toLowerCase()} ${name}${where}`;
}
