import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { formatJson, note, print } from './output.js';
import { reportText, type ImportReport } from './import-report.js';

interface ImportCommandOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly out: string;
  readonly directory: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly secretsFile?: string;
  readonly json?: boolean;
}

/** Adds `prodesk import`. */
export function registerImportCommand(program: Command): void {
  program
    .command('import')
    .argument('<path>', 'a folder of manifests, or one file')
    .description('make an application of manifests; it is written only when it synthesizes to the same objects')
    .option('--name <app>', 'the name of the application (default: the name of the folder)')
    .option('--namespace <name>', 'the namespace of objects that name none (default: that of most objects)')
    .option('--out <folder>', 'where the folder of the application is written', 'apps')
    .option('--directory <path>', 'the working tree', '.')
    .option('--force', 'replace an application that is there already')
    .option('--dry-run', 'only report')
    .option('--secrets-file <file>', 'write secret values as JSON to this file, readable by you alone')
    .option('--json', 'print one JSON document')
    .action(run);
}

async function run(path: string, options: ImportCommandOptions): Promise<void> {
  const { importFolder } = await import('./import-apps.js');
  const project = resolve(options.directory);
  const report: ImportReport = await importFolder({
    path: resolve(path),
    name: options.name ?? nameOf(path),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    project,
    out: resolve(project, options.out),
    force: options.force === true,
    dryRun: options.dryRun === true,
    ...(options.secretsFile === undefined ? {} : { secretsFile: resolve(options.secretsFile) }),
  });
  print(options.json === true ? formatJson(report) : reportText(report));
  report.notes.forEach(note);
}

/** A DNS label from the folder's or file's name. */
export function nameOf(path: string): string {
  return basename(resolve(path))
    .replace(/\.(ya?ml|json)$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}
