import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DeployApp } from '../../src/app/deployment.js';
import type { Manifest } from '../../src/app/manifest.js';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { chooseProvider } from '../../src/engine/choose-provider.js';
import { createEngine } from '../../src/engine/engine.js';
import type { Engine, UpdateRequest, Workspace } from '../../src/engine/port.js';
import { createPulumiCommand } from '../../src/engine/pulumi-command.js';
import { createWorkspace } from '../../src/engine/workspace.js';
import { providerVersion } from '../../src/deploy/provider-version.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { TestControlPlane, type RawRequest } from '../cluster/control-plane.js';
import { TcpGate } from './tcp-gate.js';

/** The project and stack of all these tests. */
export const ID = { project: 'prodesk', stack: 'prodesk' };

const WORKER = fileURLToPath(new URL('../../src/cli/engine-worker.ts', import.meta.url));
const DAEMON = fileURLToPath(new URL('update-and-wait.ts', import.meta.url));

/** A cluster behind a gate, and the place of the `pulumi` program. */
export interface TestCluster {
  readonly plane: TestControlPlane;
  readonly gate: TcpGate;
  readonly kubeconfig: string;
  readonly program: string;
  stop(): Promise<void>;
}

/** Starts an API server that can be made to hang. */
export async function startTestCluster(): Promise<TestCluster> {
  const program = await ensureProgram('pulumi', () => undefined);
  const plane = await TestControlPlane.start();
  const gate = await TcpGate.open(Number(new URL(plane.server).port));
  const kubeconfig = join(plane.directory, 'kubeconfig-gate');
  const text = await readFile(plane.kubeconfig, 'utf8');
  await writeFile(kubeconfig, text.replaceAll(plane.server, `https://127.0.0.1:${gate.port}`));
  return {
    plane,
    gate,
    kubeconfig,
    program,
    async stop() {
      await gate.close();
      await plane.stop();
    },
  };
}

/** An engine with its own backend and settings folder. */
export interface TestStack {
  readonly directory: string;
  readonly engine: Engine;
  /** The same stack by the other Kubernetes plugin. */
  readonly otherEngine: Engine;
  readonly workspace: Workspace;
  /** The environment of a person's `pulumi` command for the same backend. */
  readonly environment: Readonly<Record<string, string>>;
  /** The state file of the stack. */
  readonly stateFile: string;
  /** The folder of the stack's lock files. */
  readonly lockFolder: string;
  /** How many worker processes the engine started so far. */
  workersStarted(): number;
  /** Starts another process that carries the request out with an engine of its own, as a second daemon. */
  startDaemon(request: UpdateRequest): ChildProcess;
  /** Runs the `pulumi` command in the settings folder. */
  pulumi(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** How a {@link TestStack} differs from the usual one. */
export interface TestStackOptions {
  readonly idleMs?: number;
  readonly graceMs?: number;
  readonly passphrase?: string;
  /** Where its folder is made. @default - the folder for temporary files */
  readonly folder?: string;
  /** Where Pulumi keeps the state. @default - files in its folder */
  readonly backendUrl?: string;
  /** Added to the environment, such as the backend's credentials. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A `PULUMI_HOME` with the official Kubernetes plugin. @default - what `PRODESK_TEST_PLUGIN_HOME` says, else the embedded one is used */
  readonly officialPlugin?: string;
}

/** Creates an engine for a stack that does not exist yet. */
export async function newTestStack(
  { kubeconfig, program }: TestCluster,
  {
    idleMs = 20_000,
    graceMs = 5_000,
    passphrase = 'test',
    folder = tmpdir(),
    backendUrl,
    environment: added = {},
    officialPlugin = process.env['PRODESK_TEST_PLUGIN_HOME'],
  }: TestStackOptions = {},
): Promise<TestStack> {
  const directory = await mkdtemp(join(folder, 'prodesk-engine-'));
  const settings = {
    ...ID,
    workDirectory: join(directory, 'workspace'),
    pulumiHome: join(directory, 'home'),
    backendUrl: backendUrl ?? `file://${join(directory, 'backend')}`,
  };
  const environment = {
    ...added,
    PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}`,
    HOME: directory,
    KUBECONFIG: kubeconfig,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_HOME: settings.pulumiHome,
    PULUMI_BACKEND_URL: settings.backendUrl,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const pulumi = createPulumiCommand({ program, directory: settings.workDirectory, environment });
  const workspace = createWorkspace({ directory: settings.workDirectory, id: ID, pulumi, logger: silentLogger });
  let workersStarted = 0;
  const engineWith = (provider: 'official' | 'embedded'): Engine =>
    createEngine({
      settings,
      worker: { module: WORKER, execArgv: ['--import', 'tsx'] },
      provider,
      program,
      inherited: environment,
      idleMs,
      graceMs,
      clock: systemClock,
      logger: {
        ...silentLogger,
        debug: (message) => {
          workersStarted += message === 'engine worker started' ? 1 : 0;
        },
      },
    });
  const [engine, otherEngine] =
    officialPlugin === undefined
      ? [engineWith('embedded'), engineWith('official')]
      : [engineWith('official'), engineWith('embedded')];
  if (officialPlugin !== undefined) {
    const env = { PULUMI_HOME: officialPlugin };
    const { pulumiHome } = settings;
    await chooseProvider({ wanted: 'official', version: providerVersion(), program, pulumiHome, env });
  }
  await mkdir(join(directory, 'backend'));
  await workspace.useProject({ project: 'name: prodesk\nruntime: nodejs\n' });
  return {
    directory,
    engine,
    otherEngine,
    workspace,
    environment,
    stateFile: join(directory, 'backend', '.pulumi', 'stacks', ID.project, `${ID.stack}.json`),
    workersStarted: () => workersStarted,
    lockFolder: join(directory, 'backend', '.pulumi', 'locks', 'organization', ID.project, ID.stack),
    startDaemon(request) {
      const input = JSON.stringify({ settings, module: WORKER, program, environment, request });
      return spawn(process.execPath, ['--import', 'tsx', DAEMON, input], { env: { ...environment }, stdio: 'inherit' });
    },
    async pulumi(...args) {
      const options = { cwd: settings.workDirectory, env: environment };
      return (await promisify(execFile)(program, [...args, '--non-interactive'], options)).stdout;
    },
    async stop() {
      await Promise.all([engine.close(), otherEngine.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A ConfigMap, a Service and a Deployment. */
export function webApp(name: string, tag = 'v1', more: readonly Manifest[] = []): DeployApp {
  const labels = { app: name };
  const metadata = { name, namespace: 'prodesk' };
  return {
    name,
    namespace: 'prodesk',
    createNamespace: true,
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { greeting: 'hello' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: labels, ports: [{ port: 80, targetPort: 80 }] },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name, image: `ghcr.io/o/${name}:${tag}` }] } },
        },
      },
      ...more,
    ],
  };
}

/** A targeted request that adopts. */
export function requestFor(apps: readonly DeployApp[], more: Partial<UpdateRequest> = {}): UpdateRequest {
  return {
    apps,
    images: Object.fromEntries(apps.map(({ name }) => [name, { [`ghcr.io/o/${name}`]: 'x' }])),
    fingerprints: Object.fromEntries(apps.map(({ name }) => [name, 'f'])),
    remove: [],
    scope: 'targeted',
    adopt: true,
    repair: [],
    ...more,
  };
}

/** The request for one of the objects of {@link webApp}. */
export function pathOf(kind: 'deployments' | 'configmaps' | 'services', name: string): string {
  return `${kind === 'deployments' ? '/apis/apps/v1' : '/api/v1'}/namespaces/prodesk/${kind}/${name}`;
}

/** A live object, or undefined when there is none. */
export async function liveOf(plane: TestControlPlane, path: string): Promise<Record<string, unknown> | undefined> {
  const request: RawRequest = { method: 'GET', path };
  return plane.send(request).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes(' 404 ')) {
      return undefined;
    }
    throw error;
  });
}
