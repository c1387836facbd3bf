import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFolder } from '../../src/cli/import-apps.js';
import { parseManifests } from '../../src/migration/parse-manifests.js';
import { writePluginShims } from '../../src/sandbox/language-host/plugin-shims.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { runCommand } from '../../src/sandbox/run-command.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { createNamespace } from '../support/kube-objects.js';

const PROJECT = resolve(import.meta.dirname, '../..');
const MAIN = join(PROJECT, 'src/cli/main.ts');
const DEPLOYMENT = '/apis/apps/v1/namespaces/shop/deployments/shop';
const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: shop, labels: {tier: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.k8s.io/pause:3.9
          ports: [{containerPort: 3000}]
          envFrom: [{secretRef: {name: shop-secret}}]
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  selector: {app: shop}
  ports: [{port: 3000, targetPort: 3000}]
---
apiVersion: v1
kind: Secret
metadata: {name: shop-secret, namespace: shop}
stringData: {TOKEN: sentinel}
`;

const COLLECTIONS: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/shop/deployments',
  Service: '/api/v1/namespaces/shop/services',
  Secret: '/api/v1/namespaces/shop/secrets',
};

interface Live {
  readonly metadata: {
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly status?: { readonly readyReplicas?: number };
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let project: string;
let sandbox: Sandbox;
let api: KubeApi;
let environment: Record<string, string>;

/** A cluster with objects that kubectl applied, and a project with the application that was imported from the same manifests. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prodesk-adopt-'));
  project = join(folder, 'project');
  const program = await ensureProgram('pulumi', () => undefined);
  sandbox = await startSandbox({ directory: join(folder, 'sandbox'), components: ['cluster'], log: () => undefined });
  if (sandbox.access === undefined) {
    throw new Error('the sandbox has no cluster');
  }
  api = new KubeApi(sandbox.access);
  await mkdir(join(folder, 'manifests'));
  await writeFile(join(folder, 'manifests', 'shop.yaml'), MANIFESTS);
  await createProject();
  environment = {
    PATH: `${join(folder, 'bin')}:${dirname(program)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    KUBECONFIG: sandbox.kubeconfig,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_HOME: join(folder, 'pulumi'),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PRODESK_STATE_DIRECTORY: join(folder, 'no-daemon'),
  };
  await runCommand('pulumi', ['stack', 'init', 'prodesk', '--non-interactive'], { cwd: project, env: environment });
  const secret = ['config', 'set', '--secret', 'prodesk:shop.TOKEN', '--stack', 'prodesk', '--non-interactive'];
  await runCommand('pulumi', secret, { cwd: project, env: environment, input: 'sentinel' });
  await applyAsKubectl();
});
afterAll(async () => {
  api.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createProject(): Promise<void> {
  await cp(join(PROJECT, 'src'), join(project, 'src'), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'Pulumi.yaml']) {
    await cp(join(PROJECT, file), join(project, file));
  }
  await importFolder({
    path: join(folder, 'manifests'),
    name: 'shop',
    project,
    out: join(project, 'apps'),
    force: false,
    dryRun: false,
  });
  await writePluginShims(join(folder, 'bin'));
}

async function applyAsKubectl(): Promise<void> {
  await createNamespace(api, 'shop');
  for (const { manifest } of parseManifests(MANIFESTS, 'shop.yaml').objects) {
    const collection = COLLECTIONS[manifest.kind] ?? '';
    await api.call({ method: 'POST', path: `${collection}?fieldManager=kubectl-client-side-apply`, body: manifest });
  }
  await waitUntil(async () => (await live(DEPLOYMENT)).status?.readyReplicas === 2, { what: 'both pods' });
}

async function live(path: string): Promise<Live> {
  return (await api.call({ path })) as Live;
}

async function podUids(): Promise<string[]> {
  const { items } = (await api.call({ path: '/api/v1/namespaces/shop/pods' })) as { items: readonly Live[] };
  return items.map(({ metadata }) => metadata.uid).sort();
}

function adopt(...args: string[]): Promise<Outcome> {
  const code = `import(${JSON.stringify(MAIN)}).then(({ main }) => main(['node', 'prodesk', 'adopt', ...process.argv.slice(1)]))`;
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', '--eval', code, '--', ...args],
      { cwd: project, env: { ...environment, NODE_PATH: join(PROJECT, 'node_modules') } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

const effects = ({ stdout }: Outcome): string[] =>
  (JSON.parse(stdout) as { effect: string; ref: { kind: string } }[]).map(({ effect, ref }) => `${ref.kind} ${effect}`);

describe('cli/adopt', () => {
  it('says what would change, and changes nothing in a dry run', async () => {
    const outcome = await adopt('--dry-run', '--json');
    expect(outcome.stderr).toBe('');
    expect(effects(outcome).sort()).toEqual(['Deployment metadata', 'Secret metadata', 'Service metadata']);
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).not.toContain('sentinel');
    expect((await live(DEPLOYMENT)).metadata.labels).toEqual({ tier: 'web' });
  });

  it('refuses to restart pods, and changes nothing then', async () => {
    const file = join(project, 'apps/shop/app.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('pause:3.9', 'pause:3.10'));
    const uids = await podUids();
    try {
      const outcome = await adopt('shop');
      expect(outcome.stdout).toContain('RESTARTS PODS');
      expect(outcome.stderr).toContain('pods of Deployment shop/shop would restart');
      expect(outcome.code).toBe(3);
      expect(await podUids()).toEqual(uids);
      expect((await live(DEPLOYMENT)).metadata.labels).toEqual({ tier: 'web' });
    } finally {
      await writeFile(file, text);
    }
  });

  it('takes objects over while their pods go on, and then finds nothing left to change', async () => {
    const [uids, before] = [await podUids(), await live(DEPLOYMENT)];
    const outcome = await adopt('shop');
    expect(outcome.code, outcome.stderr).toBe(0);
    const after = await live(DEPLOYMENT);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.metadata.labels).toEqual({ tier: 'web', 'prodesk.dev/app': 'shop' });
    expect(after.metadata.managedFields?.map(({ manager }) => manager)).toContain('prodesk');
    expect(await podUids()).toEqual(uids);
    const again = await adopt('--dry-run', '--json');
    expect(effects(again).every((effect) => effect.endsWith('nothing'))).toBe(true);
    expect(again.code).toBe(0);
  });

  it('names the applications there are when another is asked for', async () => {
    const outcome = await adopt('none');
    expect(outcome.stderr).toContain('no application "none" can be adopted; there are: shop');
    expect(outcome.code).toBe(1);
  });
});
