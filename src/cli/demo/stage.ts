import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repositoryOf } from '../../app/image.js';
import type { ImagePolicy } from '../../app/image-policy.js';
import { stackKeysIn } from '../../app/sops-reference.js';
import { StalledError } from '../../base/errors.js';
import type { AppStatus, DriverStatus } from '../../driver/core/summarize.js';
import { copyProgram, pushCommit } from '../../sandbox/git-remote.js';
import { pushImage, type ImageContent } from '../../sandbox/images.js';
import { KubeApi } from '../../sandbox/kube-api.js';
import { writePluginShims } from '../../sandbox/language-host/plugin-shims.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { superviseProcess, type SupervisedProcess } from '../../sandbox/supervised-process.js';
import { ensureProgram, type Progress } from '../../sandbox/toolchain.js';
import { waitUntil } from '../../sandbox/wait-until.js';
import { createSynthesizer } from '../../synth/child-synthesizer.js';
import { parseStackSettings } from '../../synth/stack-settings.js';
import { connectDaemon, type DaemonClient } from '../daemon-client.js';

/** The repository that this program runs from. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = join(ROOT, 'src/cli/prodesk.mjs');

/** A sandbox with this repository's applications in its Git remote and images in its registry, and a daemon that can be started and killed. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly api: KubeApi;
  readonly client: DaemonClient;
  readonly remote: string;
  readonly logFile: string;
  /** Variables for `prodesk` and `pulumi` in a shell. */
  readonly env: Readonly<Record<string, string>>;
  startDaemon(): Promise<SupervisedProcess>;
  /**
   * What a developer sees who clones the remote and runs `pulumi preview`.
   * @throws StalledError `sandbox/failed` with what it would change
   */
  previewAsDeveloper(): Promise<void>;
  /** Pushes an image by its full name. */
  pushImage(image: string, tag: string, content?: ImageContent): Promise<string>;
  /** Waits until the daemon's status is as wanted. */
  waitFor(what: string, look: (status: DriverStatus) => boolean): Promise<DriverStatus>;
  /** Waits until one application is as wanted. */
  waitForApp(name: string, what: string, look: (app: AppStatus) => boolean): Promise<AppStatus>;
  stop(): Promise<void>;
}

/** How fast the daemon of the demo polls; much faster than in production. */
export const POLLS = ['--git-interval', '1s', '--registry-interval', '1s', '--rollout-grace', '2s'];

/** Boots everything that the demo acts on. */
export async function setStage(directory: string, log: Progress): Promise<Stage> {
  const pulumi = await ensureProgram('pulumi', log);
  const sandbox = await startSandbox({ directory, log });
  try {
    return await fillStage(sandbox, pulumi, log);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

async function fillStage(sandbox: Sandbox, pulumi: string, log: Progress): Promise<Stage> {
  const { access, registry, git, directory } = sandbox;
  if (access === undefined || registry === undefined || git === undefined) {
    throw new StalledError('sandbox/failed', 'the demo needs a cluster, a registry and a Git remote');
  }
  const api = new KubeApi(access);
  const env: Record<string, string> = { ...sandbox.env, ...choiceOfPlugin(), PRODESK_PULUMI_PROGRAM: pulumi };
  const stateDirectory = env['PRODESK_STATE_DIRECTORY'] ?? join(directory, 'driver');
  const client = connectDaemon({ stateDirectory });
  const logFile = join(directory, 'logs', 'daemon.log');

  const pushTo = (image: string, tag: string, content?: ImageContent): Promise<string> =>
    pushImage(registry.endpoint, repositoryOf(image).repository, tag, content);

  log('filling the Git remote with the applications of this repository');
  await seed(sandbox, git.url, pulumi, pushTo);

  const waitFor = (what: string, look: (status: DriverStatus) => boolean): Promise<DriverStatus> =>
    waitUntil(
      async () => {
        const status = await client.status();
        return look(status) ? status : undefined;
      },
      { what, timeoutMs: 90_000 },
    );

  return {
    sandbox,
    api,
    client,
    remote: git.url,
    logFile,
    env,
    pushImage: pushTo,
    waitFor,
    async waitForApp(name, what, look) {
      const find = (status: DriverStatus): AppStatus | undefined => status.apps.find((app) => app.name === name);
      const status = await waitFor(`${name}: ${what}`, (seen) => {
        const app = find(seen);
        return app !== undefined && look(app);
      });
      return find(status) as AppStatus;
    },
    async startDaemon() {
      const daemon = await superviseProcess({
        name: 'daemon',
        program: process.execPath,
        args: [ENTRY, 'driver', '--listen', 'off', ...POLLS],
        cwd: directory,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
        logFile,
        graceMs: 30_000,
      });
      const ended = new AbortController();
      void daemon.exited.then(() => ended.abort());
      await waitUntil(async () => (await client.status()).sources.length > 0, {
        what: `the daemon (see ${logFile})`,
        signal: ended.signal,
      });
      return daemon;
    },
    previewAsDeveloper: () => preview(sandbox, git.url, pulumi),
    async stop() {
      api.close();
      await sandbox.stop();
    },
  };
}

type PushImage = (image: string, tag: string, content?: ImageContent) => Promise<string>;

/** Commits the applications with complete settings, and pushes what their images need to run. */
async function seed(sandbox: Sandbox, remote: string, pulumi: string, pushTo: PushImage): Promise<void> {
  const policies: ImagePolicy[] = [];
  await pushCommit(remote, 'Describe the cluster', async (clone) => {
    await copyProgram(ROOT, clone);
    const synthesizer = createSynthesizer({
      cacheDirectory: join(sandbox.directory, 'synth'),
      allowMissing: 'all',
      programDirectory: ROOT,
    });
    const settingsFile = await readFile(join(clone, 'Pulumi.prodesk.yaml'), 'utf8');
    const settings = parseStackSettings(settingsFile, 'Pulumi.prodesk.yaml');
    const desired = await synthesizer.synthesize({ directory: clone, revision: 'working-tree', settings });
    await rm(join(clone, 'node_modules'), { force: true });
    policies.push(...Object.values(desired.apps).flatMap(({ images }) => images));
    await configure(clone, sandbox, pulumi, stackKeysIn(Object.values(desired.apps).map(({ objects }) => objects)));
  });
  for (const { image } of policies) {
    await pushTo(image, 'master-e0b0c0c', { createdAt: new Date(Date.now() - 3_600_000) });
  }
}

/** What a person's environment says about the Kubernetes plugin: which one, and where theirs is. */
function choiceOfPlugin(): Record<string, string> {
  const { PRODESK_PROVIDER, PULUMI_HOME } = process.env;
  return { ...(PRODESK_PROVIDER && { PRODESK_PROVIDER }), ...(PULUMI_HOME && { PULUMI_HOME }) };
}

/** Sets the settings that a person would set with `pulumi config set`, to random values; by standard input, as a secret should be. */
async function configure(
  clone: string,
  sandbox: Sandbox,
  pulumi: string,
  secretKeys: readonly string[],
): Promise<void> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: sandbox.directory,
    ...sandbox.env,
    PULUMI_BACKEND_URL: `file://${await mkdtemp(join(tmpdir(), 'prodesk-seed-'))}`,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const run = (args: readonly string[], input = ''): Promise<void> =>
    runWithInput(pulumi, args, { cwd: clone, env }, input);
  await run(['stack', 'init', 'prodesk']);
  await run(['config', 'set', 'prodesk:acmeEmail', 'acme@prodesk.invalid']);
  for (const key of secretKeys) {
    await run(['config', 'set', '--secret', `prodesk:${key}`], randomBytes(16).toString('hex'));
  }
  await rm(env.PULUMI_BACKEND_URL.slice('file://'.length), { recursive: true, force: true });
}

function runWithInput(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
  input: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, '--non-interactive'], { ...options, stdio: ['pipe', 'ignore', 'pipe'] });
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new StalledError('sandbox/failed', `pulumi ${args[0] ?? ''}: ${Buffer.concat(errors).toString('utf8')}`),
          ),
    );
    child.stdin.end(input);
  });
}

/** Previews the head of the branch in a fresh clone with the stock command, which fails when anything would change. */
async function preview(sandbox: Sandbox, remote: string, pulumi: string): Promise<void> {
  const clone = join(sandbox.directory, 'developer');
  await rm(clone, { recursive: true, force: true });
  await promisify(execFile)('git', ['clone', '--quiet', remote, clone]);
  await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const bin = join(sandbox.directory, 'bin');
  await writePluginShims(bin);
  const { PATH = '', HOME = '' } = process.env;
  const env = { ...sandbox.env, HOME, PATH: `${dirname(pulumi)}:${PATH}:${bin}`, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  const args = [
    'preview',
    '--stack',
    'prodesk',
    '--expect-no-changes',
    '--diff',
    '--non-interactive',
    '--color',
    'never',
  ];
  await promisify(execFile)(pulumi, args, { cwd: clone, env }).catch((error: Error & { stdout?: string }) => {
    throw new StalledError('sandbox/failed', `pulumi preview shows changes: ${error.stdout ?? error.message}`);
  });
}

/** A folder for one demo. */
export async function demoDirectory(): Promise<string> {
  const parent = join(tmpdir(), 'prodesk-demo');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, 'run-'));
}
