import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyProgram, pushCommit } from '../../src/sandbox/git-remote.js';
import { pushImage } from '../../src/sandbox/images.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { appName, followedImage, NAMESPACE, pathOf, sourceOf } from './generated-apps.js';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A sandbox whose Git remote holds generated applications. */
export interface BenchStage {
  readonly apps: number;
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly api: KubeApi;
  readonly remote: string;
  /** The path of the `pulumi` program. */
  readonly pulumi: string;
  /** Variables for the daemon and for `pulumi`. */
  readonly env: Readonly<Record<string, string>>;
  /** Pushes a version of an application's image. */
  pushImage(index: number, tag: string): Promise<void>;
  /** The value in an application's first ConfigMap in the cluster. */
  liveValue(index: number): Promise<string | undefined>;
  /** Changes that value behind everybody's back. */
  changeLiveValue(index: number, value: string): Promise<void>;
  /** The image of an application's Deployment in the cluster. */
  liveImage(index: number): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Starts a sandbox and fills its Git remote and registry. */
export async function setStage(apps: number, log: (message: string) => void): Promise<BenchStage> {
  const pulumi = await ensureProgram('pulumi', log);
  const directory = await mkdtemp(join(tmpdir(), 'prodesk-bench-'));
  const sandbox = await startSandbox({ directory, log });
  const { access, registry, git } = sandbox;
  if (access === undefined || registry === undefined || git === undefined) {
    throw new Error('the sandbox started without a cluster, a registry or a Git remote');
  }
  const api = new KubeApi(access);
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    ...sandbox.env,
    PATH: `${dirname(pulumi)}:${PATH}`,
    HOME,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PRODESK_PULUMI_PROGRAM: pulumi,
  };
  await seed(git.url, apps, pulumi, env);
  const stage: BenchStage = {
    apps,
    directory,
    sandbox,
    api,
    remote: git.url,
    pulumi,
    env,
    async pushImage(index, tag) {
      await pushImage(registry.endpoint, `bench/${appName(index)}`, tag);
    },
    async liveValue(index) {
      const { body } = await api.send({ path: configMapPath(index) });
      return (body as { readonly data?: { readonly VALUE?: string } }).data?.VALUE;
    },
    async changeLiveValue(index, value) {
      await api.call({
        method: 'PATCH',
        path: `${configMapPath(index)}?fieldManager=kubectl-edit`,
        body: { data: { VALUE: value } },
        contentType: 'application/merge-patch+json',
      });
    },
    async liveImage(index) {
      const { body } = await api.send({ path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${appName(index)}` });
      return (body as LiveDeployment).spec?.template.spec.containers[0]?.image;
    },
    async stop() {
      api.close();
      await sandbox.stop();
    },
  };
  for (let index = 0; index < apps; index += 1) {
    if (followedImage(index) !== undefined) {
      await stage.pushImage(index, 'v1');
    }
  }
  return stage;
}

interface LiveDeployment {
  readonly spec?: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

function configMapPath(index: number): string {
  return `/api/v1/namespaces/${NAMESPACE}/configmaps/${appName(index)}-settings`;
}

/** Commits the program with generated applications instead of its own, and with the settings that hold the stack's key. */
async function seed(remote: string, apps: number, pulumi: string, env: Record<string, string>): Promise<void> {
  await pushCommit(remote, 'Describe the cluster', async (clone) => {
    await copyProgram(ROOT, clone);
    await rm(join(clone, 'apps'), { recursive: true });
    for (let index = 0; index < apps; index += 1) {
      const file = join(clone, pathOf(index));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, sourceOf({ index, value: 'initial' }));
    }
    const backend = await mkdtemp(join(tmpdir(), 'prodesk-seed-'));
    const options = { cwd: clone, env: { ...env, PULUMI_BACKEND_URL: `file://${backend}` } };
    await promisify(execFile)(pulumi, ['stack', 'init', 'prodesk', '--non-interactive'], options);
    await rm(backend, { recursive: true });
  });
}
