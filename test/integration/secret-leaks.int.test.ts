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
import { runProdesk, type Ended } from '../support/prodesk.js';
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
let pulumi: string;
/** The first commit. */
let first: string;
/** What was said by the API, and every command line that was seen. */
const said = new Set<string>();
let watching: Promise<unknown>;
const ended = new AbortController();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-leaks-'));
  pulumi = await ensureProgram('pulumi', () => undefined);
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
  watching = Promise.all([noteProcesses(), noteTemporaryFiles()]);
  first = await push(await files(SENTINELS.sops));
  daemon = await startDaemon();
});
afterAll(async () => {
  ended.abort();
  await watching;
  await daemon.stop();
  api.close();
  await sandbox.stop();
  await rm(directory, { recursive: true, force: true });
});

function startDaemon(): Promise<SupervisedProcess> {
  return superviseProcess({
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
      PRODESK_AGE_KEY_FILE: join(directory, 'age-keys.txt'),
    },
    logFile: join(directory, 'daemon.log'),
    graceMs: 30_000,
  });
}

/** Where the daemon and all that it starts keep what they need for a moment. */
function temporary(): string {
  return join(stateDirectory, 'tmp');
}

/** The application's folder. */
async function files(password: string, clusterIp?: string, { recipient } = identity): Promise<FileChanges> {
  return {
    'apps/vault/app.ts': APP(clusterIp),
    'apps/vault/db.sops.yaml': await encryptYaml({ nested: { PASSWORD: password } }, { recipient }),
    'apps/vault/redis.sops.conf': await encryptBinary(`requirepass ${SENTINELS.file}\n`, { recipient }),
  };
}

/** Pushes the first commit: this program, one application, and a stack with secrets. */
function push(changes: FileChanges): Promise<string> {
  return pushCommit(remote, 'Begin', async (clone) => {
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
    const run = createPulumiCommand({ program: pulumi, directory: clone, environment });
    await run(['stack', 'init', 'prodesk']);
    for (const [key, value] of [
      ['vault.STACK', SENTINELS.stack],
      ['restartKey', SENTINELS.restartKey],
    ] as const) {
      await run(['config', 'set', '--secret', '--stack', 'prodesk', `prodesk:${key}`], value);
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

/** Looks at the arguments and environments of all processes again and again, until the end. */
async function noteProcesses(): Promise<void> {
  const own = new Set([String(process.pid), 'self', 'thread-self']);
  while (!ended.signal.aborted) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && !own.has(name));
    const paths = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
    texts.forEach((text) => said.add(text));
    await pause(20);
  }
}

/** Looks at files that are there for a moment only. */
async function noteTemporaryFiles(): Promise<void> {
  while (!ended.signal.aborted) {
    const entries = await readdir(temporary(), { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const texts = await Promise.all(paths.map((path) => readFile(path, 'latin1').catch(() => '')));
    texts.forEach((text) => said.add(text));
    await pause(20);
  }
}

/** Runs a command against the daemon. What it says is kept. */
async function prodesk(...args: readonly string[]): Promise<Ended> {
  const done = await runProdesk(args, { PRODESK_STATE_DIRECTORY: stateDirectory });
  said.add(done.stdout + done.stderr);
  return done;
}

/** The decoded value of a key of the live Secret. */
async function liveSecret(key: string): Promise<string> {
  return Buffer.from((await live(SECRET)).data?.[key] ?? '', 'base64').toString();
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
    expect(await liveSecret('SOPS')).toBe(SENTINELS.sopsII);
    const app = await waitForApp('synced', ({ sync, differences }) => sync === 'Synced' && differences.length === 0);
    expect(app.sync).toBe('Synced');
  });

  it('a rollback brings back the values of the earlier files, keeps them over commits and a restart, and lets them go', async () => {
    expect(await prodesk('rollback', 'vault', '--revision', first, '--json')).toMatchObject({ code: 0 });
    expect(await liveSecret('SOPS')).toBe(SENTINELS.sops);
    const newer = await pushCommit(remote, 'Rotate again', await files(SENTINELS.sopsII));
    await waitUntil(async () => (await client.status()).revision?.commit === newer, { what: 'the commit' });
    process.kill(daemon.pid, 'SIGKILL');
    await daemon.exited;
    daemon = await startDaemon();
    await waitUntil(async () => (await client.status()).revision?.commit === newer, { what: 'the commit again' });
    const pinned = await waitForApp('compared', ({ sync, health }) => sync === 'Synced' && health.status === 'Healthy');
    expect(pinned).toMatchObject({ pinned: { revision: first }, revision: first, differences: [] });
    expect(await liveSecret('SOPS')).toBe(SENTINELS.sops);
    expect(await prodesk('unpin', 'vault')).toMatchObject({ code: 0 });
    await waitForApp('released', ({ sync, revision }) => sync === 'Synced' && revision === newer);
    expect(await liveSecret('SOPS')).toBe(SENTINELS.sopsII);
  });

  it('a rollback to files that another key encrypted is refused, and changes nothing', async () => {
    const foreign = await pushCommit(remote, 'Foreign', await files(SENTINELS.sops, undefined, await newIdentity()));
    await waitForApp('failed', ({ problems }) => problems.length > 0);
    const good = await pushCommit(remote, 'Ours', await files(SENTINELS.sopsII));
    await waitForApp('synced', ({ sync, revision, problems }) => {
      return sync === 'Synced' && revision === good && problems.length === 0;
    });
    const refused = await prodesk('rollback', 'vault', '--revision', foreign, '--json');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/cannot give vault: .*db\.sops\.yaml/);
    expect(await liveSecret('SOPS')).toBe(SENTINELS.sopsII);
    expect(await prodesk('sync', 'vault', '--json')).toMatchObject({ code: 0 });
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
    for (const command of ['status', 'diff', 'history', 'audit', 'orphans']) {
      await prodesk(command);
      expect((await prodesk(command, '--json')).stdout).toMatch(/^[[{]/);
    }
    expect(said.size).toBeGreaterThan(10);
    expect([...said].some((text) => text.includes('config\0set\0--secret'))).toBe(true);
    expect(await readFile(join(stateDirectory, 'memory.json'), 'utf8')).toContain('vault');
    expect(await leaks()).toEqual([]);
  });
});
