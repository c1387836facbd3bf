import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../base/errors.js';
import { parseImage, repositoryOf } from '../app/image.js';
import { defaultSandboxDirectory } from '../sandbox/environment.js';
import { pushImage, type ImageContent } from '../sandbox/images.js';
import { MIRRORED_HOST } from '../sandbox/registry.js';
import { waitUntil } from '../sandbox/wait-until.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, print } from './output.js';
import { keepSandbox, startKeeper } from './sandbox/keep.js';
import { findRecord, isRunning, requireRecord, type SandboxRecord } from './sandbox/record.js';

interface DirectoryOption {
  readonly directory: string;
}

/** Adds `prodesk sandbox` and its commands. */
export function registerSandboxCommand(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('a real Kubernetes control plane, registry and Git remote on this machine');
  const add = (name: string, description: string): Command =>
    sandbox
      .command(name)
      .description(description)
      .option(
        '--directory <folder>',
        'where the sandbox lives',
        (path) => resolve(path),
        defaultSandboxDirectory(process.env),
      );
  add('up', 'start it, and leave it running').option('--foreground', 'run here until interrupted').action(up);
  add('down', 'stop it; nothing is left running').action(down);
  add('status', 'what runs, and where').option('--json', 'print one JSON document').action(status);
  add('env', 'shell lines that point kubectl, pulumi and prodesk at it; use: eval "$(prodesk sandbox env)"')
    .option('--json', 'print one JSON document')
    .action(env);
  add('push-image', 'push an image that has nothing but a configuration')
    .argument('<image:tag>', 'such as ghcr.io/sijunkim/naver-news-spring:master-1234567')
    .option('--behavior <what>', 'crash, never-ready or oom: what its pods do')
    .option('--created <time>', 'when it says it was built', new Date().toISOString())
    .action(push);
}

async function up({ directory, foreground }: DirectoryOption & { readonly foreground?: boolean }): Promise<void> {
  if ((await findRecord(directory)) !== undefined) {
    print(`the sandbox in ${directory} runs already`);
    return;
  }
  if (foreground === true) {
    return keepSandbox(directory);
  }
  printStatus(await startKeeper(directory));
  print(`\nuse it with: eval "$(prodesk sandbox env --directory ${directory})"`);
}

async function down({ directory }: DirectoryOption): Promise<void> {
  const record = await findRecord(directory);
  if (record === undefined) {
    print(`no sandbox runs in ${directory}`);
    return;
  }
  process.kill(record.pid, 'SIGTERM');
  await waitUntil(async () => !(await isRunning(record)), { what: 'the end of the sandbox' });
  print('stopped');
}

async function status({ directory, json }: DirectoryOption & { readonly json?: boolean }): Promise<void> {
  const record = await findRecord(directory);
  if (json === true) {
    print(formatJson({ running: record !== undefined, components: record?.components ?? [] }));
  } else if (record === undefined) {
    print(`no sandbox runs in ${directory}; start it with: prodesk sandbox up`);
  } else {
    printStatus(record);
  }
  process.exitCode = record === undefined ? EXIT.outOfSync : EXIT.ok;
}

async function env({ directory, json }: DirectoryOption & { readonly json?: boolean }): Promise<void> {
  const record = await requireRecord(directory);
  const { first, last } = record.path;
  const path = `export PATH='${first}':"$PATH":'${last}'`;
  const lines = Object.entries(record.env).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  print(json === true ? formatJson({ ...record.env, path: record.path }) : [...lines, path].join('\n'));
}

async function push(
  reference: string,
  options: DirectoryOption & { readonly behavior?: string; readonly created: string },
): Promise<void> {
  const { name, tag = 'latest' } = parseImage(reference);
  const { host, repository } = repositoryOf(name);
  if (host !== MIRRORED_HOST) {
    throw new ConfigError('config/invalid', `${reference}: the sandbox's registry stands for ${MIRRORED_HOST} only`);
  }
  const content: ImageContent = {
    createdAt: timeOf(options.created),
    ...(options.behavior !== undefined && { behavior: behaviorOf(options.behavior) }),
  };
  const { registry = '' } = await requireRecord(options.directory);
  print(await pushImage(registry, repository, tag, content));
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new ConfigError('config/invalid', `--created ${text}: write a time such as 2026-03-08T10:00:00Z`);
  }
  return time;
}

function behaviorOf(text: string): 'crash' | 'never-ready' | 'oom' {
  if (text !== 'crash' && text !== 'never-ready' && text !== 'oom') {
    throw new ConfigError('config/invalid', `--behavior ${text}: use crash, never-ready or oom`);
  }
  return text;
}

function printStatus({ components }: SandboxRecord): void {
  print(
    formatTable(components, [
      { title: 'COMPONENT', value: ({ name }) => name },
      { title: 'PID', value: ({ pid }) => String(pid) },
      { title: 'ADDRESS', value: ({ address }) => address ?? '-' },
    ]),
  );
}
