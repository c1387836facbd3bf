import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalWorkspace, type PulumiFn, type Stack } from '@pulumi/pulumi/automation/index.js';
import * as k8s from '@pulumi/kubernetes';
import { Cluster } from '../../../src/sandbox/provider/cluster.js';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import type { Kind, ObjectName } from '../../../src/sandbox/provider/kind.js';
import { loadClusterAccess } from '../../../src/sandbox/provider/kubeconfig.js';
import { startProvider, type RunningProvider } from '../../../src/sandbox/provider/provider.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { ensureProgram } from '../../../src/sandbox/toolchain.js';

/** A cluster, a provider that is connected to engines by its port, and a folder for everything. */
export interface TestBed {
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly provider: RunningProvider;
  /** The cluster as another client sees it. */
  readonly cluster: Cluster;
  /** The folder of the `pulumi` command. */
  readonly toolFolder: string;
  /** A stack of its own, with its own file backend. */
  newStack(name: string): Promise<TestStack>;
  /** The live object of another client's view. */
  live(kind: Kind, name: ObjectName): Promise<JsonObject | undefined>;
  stop(): Promise<void>;
}

/** What an operation did: how many resources per step, such as `{ create: 2, same: 1 }`. */
export type Changes = Readonly<Record<string, number>>;

/** One stack and its operations, for inline programs. */
export interface TestStack {
  preview(program: PulumiFn): Promise<Changes>;
  up(program: PulumiFn): Promise<Changes>;
  refresh(program: PulumiFn): Promise<Changes>;
  destroy(program: PulumiFn): Promise<Changes>;
  /** The text of the state file. */
  stateText(): Promise<string>;
  /** The URNs of the resources in the state. */
  urns(): Promise<string[]>;
}

/** Starts a cluster and a provider. */
export async function startTestBed(): Promise<TestBed> {
  const directory = await mkdtemp(join(tmpdir(), 'prodesk-provider-'));
  const sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    components: ['cluster'],
    log: () => undefined,
  });
  const provider = await startProvider({ patience: { kindMs: 2000, namespaceMs: 500 } });
  const cluster = new Cluster(loadClusterAccess({ kubeconfig: sandbox.kubeconfig }, {}), { kindMs: 0, namespaceMs: 0 });
  const toolFolder = dirname(await ensureProgram('pulumi', () => undefined));
  return {
    directory,
    sandbox,
    provider,
    cluster,
    toolFolder,
    newStack: (name) => newStack(join(directory, name), name, { port: provider.port, toolFolder }),
    live: async (kind, name) => cluster.get(await cluster.resource(kind), name),
    stop: async () => {
      await provider.stop();
      await cluster.close();
      await sandbox.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The environment of a `pulumi` command with a file backend in a folder. */
export function pulumiEnvironment(directory: string, toolFolder: string): Record<string, string> {
  return {
    PATH: `${toolFolder}:${process.env['PATH'] ?? ''}`,
    PULUMI_HOME: join(directory, 'home'),
    PULUMI_BACKEND_URL: `file://${directory}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
}

/** A provider resource with the options that this project uses. */
export function kubernetes(kubeconfig: string, options: k8s.ProviderArgs = {}): k8s.Provider {
  return new k8s.Provider('cluster', {
    kubeconfig,
    enableServerSideApply: true,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    ...options,
  });
}

async function newStack(directory: string, name: string, at: { port: number; toolFolder: string }): Promise<TestStack> {
  await mkdir(directory);
  const idle: PulumiFn = () => Promise.resolve();
  process.env['PATH'] = pulumiEnvironment(directory, at.toolFolder)['PATH'];
  const stack = await LocalWorkspace.createStack(
    { stackName: name, projectName: 'test', program: idle },
    {
      workDir: directory,
      envVars: { ...pulumiEnvironment(directory, at.toolFolder), PULUMI_DEBUG_PROVIDERS: `kubernetes:${at.port}` },
      projectSettings: { name: 'test', runtime: 'nodejs', backend: { url: `file://${directory}` } },
    },
  );
  return operationsOf(stack, join(directory, '.pulumi', 'stacks', 'test', `${name}.json`));
}

function operationsOf(stack: Stack, stateFile: string): TestStack {
  const stateText = (): Promise<string> => readFile(stateFile, 'utf8');
  return {
    stateText,
    preview: async (program) => (await stack.preview({ program })).changeSummary,
    up: async (program) => (await stack.up({ program })).summary.resourceChanges ?? {},
    refresh: async (program) => {
      stack.workspace.program = program;
      return (await stack.refresh()).summary.resourceChanges ?? {};
    },
    destroy: async (program) => {
      stack.workspace.program = program;
      return (await stack.destroy()).summary.resourceChanges ?? {};
    },
    urns: async () => {
      const state = JSON.parse(await stateText()) as { checkpoint: { latest: { resources?: { urn: string }[] } } };
      return (state.checkpoint.latest.resources ?? []).map(({ urn }) => urn);
    },
  };
}
