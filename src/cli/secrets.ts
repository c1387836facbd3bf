import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError, StalledError } from '../base/errors.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, note, print, styleOfState } from './output.js';
import type { ImportPlan } from './secrets/import-plan.js';
import type { SecretRow } from './secrets/list.js';
import { secretKeyOf } from './secrets/names.js';
import { readValue, type ValueSource } from './secrets/read-value.js';

interface StackOptions {
  readonly stack: string;
  readonly directory: string;
}

const AFTER_HELP = `
A value is asked for on a terminal, and read from standard input otherwise; it is never an argument and never printed.
Secrets go into Pulumi.<stack>.yaml, encrypted. For the daemon's own copy, name its folder with --directory.

Examples:
  prodesk secrets set DB_PASSWORD --app naver-news
  prodesk secrets set restartKey --random
  prodesk secrets list
  prodesk secrets import apps/redis/secret.sops.yaml
  prodesk secrets import --from-cluster prodesk/redis-secret --app redis`;

/** Adds `prodesk secrets` and its commands. */
export function registerSecretsCommand(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('secret values of applications: set, list, import, remove')
    .addHelpText('after', AFTER_HELP);
  const add = (usage: string, description: string): Command =>
    secrets
      .command(usage)
      .description(description)
      .option('--stack <name>', 'the Pulumi stack', 'prodesk')
      .option('--directory <path>', 'the folder with Pulumi.yaml', '.');
  add('set <key>', 'set one secret')
    .option('--app <name>', 'the application whose secret it is: context.secret(key)')
    .option('--from-file <path>', 'take the content of a file as it is')
    .option('--stdin', 'read standard input, also on a terminal; one line break at its end is taken off')
    .option('--random', 'make 32 random bytes, in hexadecimal digits')
    .action(set);
  add('list', 'names of secrets, who uses them, and whether they are set; never a value')
    .option('--json', 'print one JSON document')
    .action(list);
  add('import [file]', 'take over the values of a SOPS file, or of a live Secret')
    .option('--from-cluster <namespace/name>', 'a live Secret')
    .option('--app <name>', 'the application whose secrets they become')
    .option('--replace', 'overwrite what is set already')
    .option('--json', 'print one JSON document')
    .action(importSecrets);
  add('rm <key>', 'remove one secret').option('--app <name>', 'the application whose secret it is').action(remove);
}

async function set(key: string, options: StackOptions & ValueSource & { readonly app?: string }): Promise<void> {
  const full = secretKeyOf(key, options.app);
  const stack = await open(options);
  const value = await readValue(full, options, { input: process.stdin, output: process.stderr });
  await stack.set(full, value);
  print(`prodesk:${full} is set`);
}

async function remove(key: string, options: StackOptions & { readonly app?: string }): Promise<void> {
  const full = secretKeyOf(key, options.app);
  const stack = await open(options);
  if (!(await stack.keys()).includes(full)) {
    throw new StalledError('config/missing', `there is no secret prodesk:${full}; see: prodesk secrets list`);
  }
  await stack.remove(full);
  print(`prodesk:${full} is removed`);
}

async function list(options: StackOptions & { readonly json?: boolean }): Promise<void> {
  const { collectSecrets } = await import('./secrets/collect.js');
  const { rows, failed } = await collectSecrets(locationOf(options));
  print(options.json === true ? formatJson({ secrets: rows, failed }) : tableOf(rows));
  for (const [app, { message }] of Object.entries(failed)) {
    note(`${app} failed, so its secrets are not listed: ${message}`);
  }
  const isMissing = rows.some(({ state }) => state === 'missing');
  process.exitCode = Object.keys(failed).length > 0 ? EXIT.failure : isMissing ? EXIT.outOfSync : EXIT.ok;
}

function tableOf(rows: readonly SecretRow[]): string {
  return formatTable(rows, [
    { title: 'NAME', value: ({ name }) => name },
    {
      title: 'STATE',
      value: ({ state }) => state,
      style: ({ state }) => (state === 'set' ? 'green' : styleOfState(state)),
    },
    { title: 'SOURCE', value: ({ source }) => source },
    { title: 'APPS', value: ({ apps }) => apps.join(', ') },
  ]);
}

interface ImportCommandOptions extends StackOptions {
  readonly fromCluster?: string;
  readonly app?: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

async function importSecrets(file: string | undefined, options: ImportCommandOptions): Promise<void> {
  const { fromCluster } = options;
  if ((file === undefined) === (fromCluster === undefined)) {
    throw new ConfigError('config/invalid', 'name a SOPS file, or a live Secret with --from-cluster');
  }
  const app = options.app ?? /(?:^|\/)apps\/([^/]+)\/[^/]/.exec(file ?? '')?.[1];
  if (app === undefined) {
    throw new ConfigError('config/invalid', 'say with --app whose secrets they become');
  }
  const { readClusterEntries, readSopsEntries } = await import('./secrets/sources.js');
  const { planImport } = await import('./secrets/import-plan.js');
  const entries =
    file === undefined
      ? await readClusterEntries(fromCluster ?? '', process.env)
      : await readSopsEntries(file, process.env);
  const stack = await open(options);
  const plan = planImport(entries, { app, existing: await stack.keys(), replace: options.replace === true });
  for (const { key, value } of plan.entries) {
    await stack.set(key, value);
  }
  print(options.json === true ? formatJson(withoutValues(plan)) : importText(plan));
}

/** What was imported, for people and programs: names only. */
function withoutValues({ entries, skipped }: ImportPlan): object {
  return { imported: entries.map(({ name, key }) => ({ name, key })), skipped };
}

function importText({ entries, skipped }: ImportPlan): string {
  const lines = [
    ...entries.map(({ name, key }) => `prodesk:${key} is set from ${name}`),
    ...skipped.map(({ name, reason }) => `${name} was left: ${reason}`),
  ];
  return lines.length === 0 ? 'there are no values' : lines.join('\n');
}

async function open(options: StackOptions) {
  const { openStack } = await import('./secrets/sources.js');
  return openStack(locationOf(options), process.env);
}

function locationOf({ stack, directory }: StackOptions): StackOptions {
  return { stack, directory: resolve(directory) };
}
