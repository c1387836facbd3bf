import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../base/errors.js';
import { EXIT } from './exit-codes.js';
import { formatJson, note, print } from './output.js';
import type { ImportTarget } from './import-apps.js';
import { countRefused, reportText } from './import-report.js';

interface ImportCommandOptions {
  readonly fromArgocd?: string;
  readonly repository?: string;
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
    .argument('[path]', 'a folder of manifests, a kustomization, or one file')
    .description('make an application of manifests; it is written only when it synthesizes to the same objects')
    .option('--from-argocd <path>', 'a file or folder of Argo CD Applications; each becomes an application')
    .option('--repository <folder>', 'what paths of Applications are relative to (default: the Git repository)')
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

async function run(path: string | undefined, options: ImportCommandOptions): Promise<void> {
  const { importApplications, importFolder } = await import('./import-apps.js');
  const project = resolve(options.directory);
  const target: ImportTarget = {
    project,
    out: resolve(project, options.out),
    force: options.force === true,
    dryRun: options.dryRun === true,
    ...(options.secretsFile === undefined ? {} : { secretsFile: resolve(options.secretsFile) }),
  };
  const source = sourceOf(path, options);
  const report = await (source.kind === 'argocd'
    ? importApplications({ ...target, ...source })
    : importFolder({ ...target, ...source }));
  print(options.json === true ? formatJson(report) : reportText(report));
  report.notes.forEach(note);
  const refused = countRefused(report);
  if (refused > 0) {
    note(`${refused} ${refused === 1 ? 'thing was' : 'things were'} not imported; the rest was`);
    process.exitCode = EXIT.failure;
  }
}

type Source =
  | { readonly kind: 'argocd'; readonly path: string; readonly repository?: string }
  | { readonly kind: 'folder'; readonly path: string; readonly name: string; readonly namespace?: string };

function sourceOf(path: string | undefined, { fromArgocd, repository, name, namespace }: ImportCommandOptions): Source {
  if ((path === undefined) === (fromArgocd === undefined)) {
    throw new ConfigError('config/invalid', 'name either a folder of manifests, or Applications with --from-argocd');
  }
  if (fromArgocd !== undefined) {
    const root = repository === undefined ? {} : { repository: resolve(repository) };
    return { kind: 'argocd', path: resolve(fromArgocd), ...root };
  }
  const folder = path ?? '.';
  const place = namespace === undefined ? {} : { namespace };
  return { kind: 'folder', path: resolve(folder), name: name ?? nameOf(folder), ...place };
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
