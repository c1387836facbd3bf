import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { StalledError } from '../base/errors.js';
import { parseImage, repositoryOf } from '../app/image.js';
import { defaultSandboxDirectory } from '../sandbox/environment.js';
import { pushImage } from '../sandbox/images.js';
import type { ImageContent } from '../sandbox/images.js';
import { writePluginShims } from '../sandbox/language-host/plugin-shims.js';
import { startSandbox } from '../sandbox/sandbox.js';
import type { ComponentInfo } from '../sandbox/sandbox.js';
import { ensureProgram } from '../sandbox/toolchain.js';
import { waitUntil } from '../sandbox/wait-until.js';
import { EXIT } from './exit-codes.js';
import { formatJson, formatTable, note, print } from './output.js';

/** What `sandbox.json` in the sandbox's folder says. */
interface SandboxRecord {
  readonly pid: number;
  readonly components: readonly ComponentInfo[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders for `PATH`: the pulumi command, and stand-ins for plugins that are not installed. */
  readonly path: { readonly first: string; readonly last: string };
  readonly registry?: string;
}

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
      .option('--directory <folder>', 'where the sandbox lives', defaultSandboxDirectory(process.env));
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
  if ((await readRecord(directory)) !== undefined) {
    print(`the sandbox in ${directory} runs already`);
    return;
  }
  if (foreground === true) {
    return runForeground(directory);
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await ensureProgram('pulumi', note);
  const log = await open(join(directory, 'sandbox.log'), 'a', 0o600);
  const entry = process.argv[1] ?? '';
  const child = spawn(process.execPath, [entry, 'sandbox', 'up', '--foreground', '--directory', directory], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let exited = false;
  child.once('exit', () => (exited = true));
  child.unref();
  note('starting the sandbox (a few seconds; the first time its programs may have to be built)');
  const record = await waitUntil(
    async () => {
      if (exited) {
        throw new StalledError('sandbox/failed', `the sandbox did not start; see ${join(directory, 'sandbox.log')}`);
      }
      return readRecord(directory);
    },
    { what: 'the sandbox', timeoutMs: 1_800_000, intervalMs: 100 },
  );
  await log.close();
  printStatus(record);
  print(`\nuse it with: eval "$(prodesk sandbox env --directory ${directory})"`);
}

async function runForeground(directory: string): Promise<void> {
  const stopAsked = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  const pulumi = await ensureProgram('pulumi', note);
  const sandbox = await startSandbox({ directory, log: note });
  const bin = join(directory, 'bin');
  await writePluginShims(bin);
  const record: SandboxRecord = {
    pid: process.pid,
    components: sandbox.components,
    env: { ...sandbox.env, PRODESK_PULUMI_PROGRAM: pulumi },
    path: { first: dirname(pulumi), last: bin },
    ...(sandbox.registry && { registry: sandbox.registry.endpoint }),
  };
  await writeFile(recordFile(directory), formatJson(record), { mode: 0o600 });
  note('the sandbox is ready');
  await stopAsked;
  await rm(recordFile(directory), { force: true });
  await sandbox.stop();
  process.exit(EXIT.ok);
}

async function down({ directory }: DirectoryOption): Promise<void> {
  const record = await readRecord(directory);
  if (record === undefined) {
    print(`no sandbox runs in ${directory}`);
    return;
  }
  process.kill(record.pid, 'SIGTERM');
  await waitUntil(() => Promise.resolve(!isAlive(record.pid)), { what: 'the end of the sandbox' });
  print('stopped');
}

async function status({ directory, json }: DirectoryOption & { readonly json?: boolean }): Promise<void> {
  const record = await readRecord(directory);
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
  const { registry = '' } = await requireRecord(options.directory);
  const { name, tag = 'latest' } = parseImage(reference);
  const content: ImageContent = {
    createdAt: new Date(options.created),
    ...(options.behavior !== undefined && { behavior: behaviorOf(options.behavior) }),
  };
  print(await pushImage(registry, repositoryOf(name).repository, tag, content));
}

function behaviorOf(text: string): 'crash' | 'never-ready' | 'oom' {
  if (text !== 'crash' && text !== 'never-ready' && text !== 'oom') {
    throw new StalledError('config/invalid', `--behavior ${text}: use crash, never-ready or oom`);
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

async function requireRecord(directory: string): Promise<SandboxRecord> {
  const record = await readRecord(directory);
  if (record === undefined) {
    throw new StalledError('sandbox/failed', `no sandbox runs in ${directory}; start it with: prodesk sandbox up`);
  }
  return record;
}

/** The record of a sandbox whose supervisor lives. */
async function readRecord(directory: string): Promise<SandboxRecord | undefined> {
  const text = await readFile(recordFile(directory), 'utf8').catch(() => undefined);
  const record = text === undefined ? undefined : (JSON.parse(text) as SandboxRecord);
  return record !== undefined && isAlive(record.pid) ? record : undefined;
}

function recordFile(directory: string): string {
  return join(directory, 'sandbox.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Signal 0 fails exactly when there is no such process of ours.
    return false;
  }
}
