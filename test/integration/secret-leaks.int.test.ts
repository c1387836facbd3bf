import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDaemon, type DaemonClient } from '../../src/cli/daemon-client.js';
import type { AppStatus } from '../../src/driver/core/summarize.js';
import { createPulumiCommand } from '../../src/engine/pulumi-command.js';
import { copyProgram, pushCommit, type FileChanges } from '../../src/sandbox/git-remote.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { superviseProcess, type SupervisedProcess } from '../../src/sandbox/supervised-process.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { encryptBinary, encryptYaml, newIdentity, type TestIdentity } from '../support/sops-file.js';

/** Values that are looked for everywhere, also in base64. Those with an I are rotated into the place of others. */
const SENTINELS = {
  stack: 'sentinel-stack-7f3a9c',
  sops: 'sentinel-sops-51d2e8',
  sopsII: 'sentinel-rotated-0b77aa',
  file: 'sentinel-file-c4c4d1',
  restartKey: 'sentinel-restart-key-3d9f0a2b5c6e7788',
};
const NAMESPACE = 'vault-test';

const APP = (clusterIp = "'None'"): string => `import { ApiObject } from 'cdk8s';
import { defineApp } from '../../src/app/index.js';
export const app = defineApp({
  namespace: '${NAMESPACE}',
  restartOnChange: true,
  build(scope, context) {
    const metadata = { name: 'vault' };
    const labels = { app: 'vault' };
    const db = context.sops('db.sops.yaml');
    new ApiObject(scope, 'secret', {
      apiVersion: 'v1', kind: 'Secret', metadata, stringData: { STACK: context.secret('STACK'), SOPS: db('nested', 'PASSWORD') },
    });
    new ApiObject(scope, 'config', {
      apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'redis.conf': context.sopsFile('redis.sops.conf') },
    });
    new ApiObject(scope, 'service', {
      apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: ${clusterIp}, selector: labels, ports: [{ port: 80 }] },
    });
    const envFrom = [{ secretRef: { name: 'vault' } }];
    const spec = {
      containers: [{ name: 'vault', image: 'redis:7.2', envFrom, volumeMounts: [{ name: 'config', mountPath: '/c' }] }],
      volumes: [{ name: 'config', configMap: { name: 'vault' } }],
    };
    new ApiObject(scope, 'deployment', {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata,
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
  },
});
`;

let directory: string;
let sandbox: Sandbox;
let remote: string;
let api: KubeApi;
let client: DaemonClient;
let daemon: SupervisedProcess;
let identity: TestIdentity;
let stateDirectory: string;
/** What was said by the API, and every command line that was seen. */
const said = new Set<string>();
let watching: Promise<void>;
const ended = new AbortController();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-leaks-'));
  const pulumi = await ensureProgram('pulumi', () => undefined);
  sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    components: ['cluster', 'git'],
    log: () => undefined,
  });
  if (sandbox.access === undefined || sandbox.git === undefined) {
    throw new Error('the sandbox is not complete');
  }
  api = new KubeApi(sandbox.access);
  remote = sandbox.git.url;
  identity = await newIdentity();
  const ageKeyFile = join(directory, 'age-keys.txt');
  await writeFile(ageKeyFile, identity.identity, { mode: 0o600 });
  stateDirectory = join(directory, 'state');
  client = connectDaemon({ stateDirectory });
  watching = noteCommandLines();
  await push(await files(SENTINELS.sops), pulumi);
  daemon = await superviseProcess({
    name: 'daemon',
    program: process.execPath,
    args: [resolve('src/cli/prodesk.mjs'), 'driver', '--listen', 'off', '--git-interval', '1s', '--log-level', 'debug'],
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...sandbox.env,
      PRODESK_PULUMI_PROGRAM: pulumi,
      PRODESK_STATE_DIRECTORY: stateDirectory,
      PRODESK_AGE_KEY_FILE: ageKeyFile,
    },
    logFile: join(directory, 'daemon.log'),
    graceMs: 30_000,
  });
});
afterAll(async () => {
  ended.abort();
  await watching;
  await daemon.stop();
  api.close();
  await sandbox.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The application's folder. */
async function files(password: string, clusterIp?: string): Promise<FileChanges> {
  const { recipient } = identity;
  return {
    'apps/vault/app.ts': APP(clusterIp),
    'apps/vault/db.sops.yaml': await encryptYaml({ nested: { PASSWORD: password } }, { recipient }),
    'apps/vault/redis.sops.conf': await encryptBinary(`requirepass ${SENTINELS.file}\n`, { recipient }),
  };
}

/** Pushes the first commit: this program, one application, and a stack with secrets. */
async function push(changes: FileChanges, program: string): Promise<void> {
  await pushCommit(remote, 'Begin', async (clone) => {
    await copyProgram(resolve('.'), clone);
    await rm(join(clone, 'apps'), { recursive: true });
    await mkdir(join(clone, 'apps', 'vault'), { recursive: true });
    await Promise.all(Object.entries(changes).map(([path, text]) => writeFile(join(clone, path), text ?? '')));
    const backend = join(directory, 'seed-backend');
    await mkdir(backend, { recursive: true });
    const environment = {
      PATH: process.env['PATH'],
      HOME: directory,
      ...sandbox.env,
      PULUMI_BACKEND_URL: `file://${backend}`,
    };
    const pulumi = createPulumiCommand({ program, directory: clone, environment });
    await pulumi(['stack', 'init', 'prodesk']);
    for (const [key, value] of [
      ['vault.STACK', SENTINELS.stack],
      ['restartKey', SENTINELS.restartKey],
    ] as const) {
      await pulumi(['config', 'set', '--secret', '--stack', 'prodesk', `prodesk:${key}`], value);
    }
  });
}

/** Waits until the application is as wanted; what the API says meanwhile is kept. */
function waitForApp(what: string, look: (app: AppStatus) => boolean): Promise<AppStatus> {
  return waitUntil(
    async () => {
      const status = await client.status().catch(() => undefined);
      said.add(JSON.stringify([status, await client.history(100).catch(() => [])]));
      const app = status?.apps.find(({ name }) => name === 'vault');
      return app !== undefined && look(app) ? app : undefined;
    },
    { what, timeoutMs: 100_000 },
  );
}

/** Looks at all processes again and again, until the end. */
async function noteCommandLines(): Promise<void> {
  while (!ended.signal.aborted) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    lines.forEach((line) => said.add(line));
    await pause(10);
  }
}

interface Live {
  readonly data?: Record<string, string>;
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
}

async function live(path: string): Promise<Live> {
  return (await api.call({ method: 'GET', path })) as Live;
}

const SECRET = `/api/v1/namespaces/${NAMESPACE}/secrets/vault`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/vault`;

async function configHash(): Promise<string | undefined> {
  return (await live(DEPLOYMENT)).spec.template.metadata.annotations['prodesk.dev/config-hash'];
}

/** Every sentinel, and the age identity, found in what was said, and in every file below the folder but the identity's own. */
async function leaks(): Promise<string[]> {
  const forms = [...Object.values(SENTINELS), identity.identity].flatMap((value) => [
    value,
    Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1),
  ]);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  /** The cluster itself stores its Secrets; the sandbox's etcd is not ours to encrypt. */
  const ours = paths.filter((path) => !path.includes('/etcd') && path !== join(directory, 'age-keys.txt'));
  const found: string[] = [];
  for (const path of ours) {
    const text = await readFile(path, 'latin1').catch(() => '');
    found.push(
      ...forms.filter((form) => text.includes(form)).map((form) => `${path.slice(directory.length)}: ${form}`),
    );
  }
  const words = [...said].join('\n');
  return [...found, ...forms.filter((form) => words.includes(form)).map((form) => `said: ${form}`)];
}

describe('integration/secret-leaks', () => {
  it('values of the stack and of SOPS files reach the cluster', async () => {
    await waitForApp('synced', ({ sync }) => sync === 'Synced');
    const { data = {} } = await live(SECRET);
    const plain = Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
    );
    expect(plain).toEqual({ STACK: SENTINELS.stack, SOPS: SENTINELS.sops });
    expect((await live(`/api/v1/namespaces/${NAMESPACE}/configmaps/vault`)).data).toEqual({
      'redis.conf': `requirepass ${SENTINELS.file}\n`,
    });
    expect(await configHash()).toMatch(/^[0-9a-f]{16}$/);
  });

  it('a rotated value restarts the pods that read it, and is no drift', async () => {
    const before = await configHash();
    await pushCommit(remote, 'Rotate', await files(SENTINELS.sopsII));
    await waitUntil(async () => ((await configHash()) === before ? undefined : true), {
      what: 'a restart',
      timeoutMs: 90_000,
    });
    const { data = {} } = await live(SECRET);
    expect(Buffer.from(data['SOPS'] ?? '', 'base64').toString()).toBe(SENTINELS.sopsII);
    const app = await waitForApp('synced', ({ sync, differences }) => sync === 'Synced' && differences.length === 0);
    expect(app.sync).toBe('Synced');
  });

  it('an API server that quotes a value does not bring it into a message', async () => {
    await pushCommit(remote, 'Quote', await files(SENTINELS.sopsII, "db('nested', 'PASSWORD')"));
    const app = await waitForApp('refused', ({ problems }) => problems.length > 0);
    expect(JSON.stringify(app.problems)).toMatch(/clusterIP|Invalid value/);
    expect(JSON.stringify(app.problems)).toContain('<redacted>');
  });

  it('a file that was changed by hand fails the application alone, and says nothing of its content', async () => {
    const changes = await files(SENTINELS.sops);
    const text = String(changes['apps/vault/db.sops.yaml']).replace('nested:', 'nosted:');
    await pushCommit(remote, 'Damage', { ...changes, 'apps/vault/db.sops.yaml': text });
    const app = await waitForApp('failed', ({ problems }) => JSON.stringify(problems).includes('db.sops.yaml'));
    expect(JSON.stringify(app.problems)).toContain('apps/vault/db.sops.yaml has a value that cannot be decrypted');
  });

  it('no value is in any log, state, history, message, answer or command line', async () => {
    expect(said.size).toBeGreaterThan(10);
    expect([...said].some((text) => text.includes('config\0set\0--secret'))).toBe(true);
    expect(await readFile(join(stateDirectory, 'memory.json'), 'utf8')).toContain('vault');
    expect(await leaks()).toEqual([]);
  });
});
