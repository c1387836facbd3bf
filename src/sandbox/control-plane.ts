import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority, type Authority } from './certificate.js';
import { startComponent, type Component } from './component.js';
import type { Environment } from './environment.js';
import { findFreePorts } from './free-ports.js';
import { KubeApi, type KubeAccess } from './kube-api.js';
import { kubeconfigOf, tokenFileOf, type Identity } from './kubeconfig.js';
import { ensureToolchain, type Progress } from './toolchain.js';

/** The programs of a control plane. */
export const CONTROL_PLANE_PROGRAMS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;

/** The name of the only node. */
export const NODE_NAME = 'prodesk';

/** An API server whose etcd is gone would take a minute to end; there is nothing to save. */
const GRACE_MS = 3_000;

/** A running control plane. */
export interface ControlPlane {
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly access: KubeAccess;
}

/** Where a control plane lives, and who is told of what it starts. */
export interface ControlPlaneOptions {
  readonly directory: string;
  /** The whole environment of its processes. */
  readonly env: Environment;
  readonly progress: Progress;
  /** Called with each process as soon as it runs, so that the caller can stop it whatever happens next. */
  readonly onComponent: (component: Component) => void;
}

type Programs = Record<(typeof CONTROL_PLANE_PROGRAMS)[number], string>;

/** What the steps of a start share. */
interface Context extends ControlPlaneOptions {
  readonly programs: Programs;
  readonly authority: Authority;
  readonly access: KubeAccess;
  readonly ports: { readonly etcd: number; readonly peer: number; readonly api: number; readonly manager: number };
  readonly schedulerPort: number;
  readonly api: KubeApi;
}

const ADMINISTRATOR: Omit<Identity, 'token'> = { user: 'sandbox-admin', groups: ['system:masters'] };

/**
 * Starts etcd, the API server, the controller manager, the scheduler and kwok on free ports of the loopback address.
 * @throws StalledError `sandbox/failed` with the end of the log of what does not start
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const programs = await ensureToolchain(CONTROL_PLANE_PROGRAMS, options.progress);
  const context = await prepare(options, programs);
  await startEtcd(context);
  await startApiServer(context);
  await allOf([startControllerManager(context), startScheduler(context), startKwok(context)]);
  context.api.close();
  return { kubeconfig: join(options.directory, 'kubeconfig'), access: context.access };
}

/** Waits for all before it throws, so that nothing is started any more when it does. */
async function allOf(starts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    throw failed.reason;
  }
}

async function prepare(options: ControlPlaneOptions, programs: Programs): Promise<Context> {
  const { directory } = options;
  for (const folder of ['pki', 'etcd', 'logs']) {
    await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
  }
  const [etcd, peer, api, manager, schedulerPort] = (await findFreePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const authority = createAuthority('prodesk sandbox', Date.now());
  const identities = [
    ADMINISTRATOR,
    { user: 'system:kube-controller-manager', groups: ['system:masters'] },
    { user: 'system:kube-scheduler', groups: ['system:masters'] },
    { user: 'kwok', groups: ['system:masters'] },
  ].map((identity): Identity => ({ ...identity, token: randomBytes(24).toString('hex') }));
  const server = `https://127.0.0.1:${api}`;
  await writePki(directory, authority, identities);
  for (const identity of identities) {
    const path =
      identity.user === ADMINISTRATOR.user ? 'kubeconfig' : `pki/${identity.user.replace('system:', '')}.kubeconfig`;
    await writePrivate(join(directory, path), kubeconfigOf(server, authority.certificate, identity));
  }
  const token = identities[0]?.token ?? '';
  const access: KubeAccess = { server, authority: authority.certificate, token };
  const ports = { etcd, peer, api, manager };
  return { ...options, programs, authority, access, ports, schedulerPort, api: new KubeApi(access) };
}

async function writePki(directory: string, authority: Authority, identities: readonly Identity[]): Promise<void> {
  const server = authority.issue('sandbox', ['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default.svc']);
  const client = authority.issue('kube-apiserver-etcd-client', []);
  const accounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const files = {
    'ca.crt': authority.certificate,
    'server.crt': server.certificate,
    'server.key': server.key,
    'etcd-client.crt': client.certificate,
    'etcd-client.key': client.key,
    'accounts.key': accounts.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'accounts.pub': accounts.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'tokens.csv': tokenFileOf(identities),
  };
  for (const [name, content] of Object.entries(files)) {
    await writePrivate(join(directory, 'pki', name), content);
  }
}

async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
}

/** Starts one program of the control plane and tells how to reach it. */
async function start(
  context: Context,
  name: keyof Programs,
  flags: Readonly<Record<string, string | number | boolean>>,
  isReady: () => Promise<boolean>,
  address?: string,
): Promise<void> {
  context.progress(`starting ${name}`);
  const component = await startComponent(
    {
      name,
      program: context.programs[name],
      args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      cwd: context.directory,
      env: context.env,
      logFile: join(context.directory, 'logs', `${name}.log`),
      graceMs: GRACE_MS,
    },
    isReady,
    { ...(address === undefined ? {} : { address }), onStart: context.onComponent },
  );
  context.progress(`${component.process.name} is ready`);
}

async function startEtcd(context: Context): Promise<void> {
  const { ports, directory } = context;
  const url = `https://127.0.0.1:${ports.etcd}`;
  const peerUrl = `https://127.0.0.1:${ports.peer}`;
  const api = new KubeApi({
    server: url,
    authority: context.authority.certificate,
    client: context.authority.issue('sandbox', []),
  });
  const flags = {
    name: 'sandbox',
    'data-dir': join(directory, 'etcd'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `sandbox=${peerUrl}`,
    'client-cert-auth': true,
    'trusted-ca-file': 'pki/ca.crt',
    'cert-file': 'pki/server.crt',
    'key-file': 'pki/server.key',
    'peer-client-cert-auth': true,
    'peer-trusted-ca-file': 'pki/ca.crt',
    'peer-cert-file': 'pki/server.crt',
    'peer-key-file': 'pki/server.key',
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  };
  await start(context, 'etcd', flags, async () => (await api.send({ path: '/readyz' })).status === 200, url);
  api.close();
}

async function startApiServer(context: Context): Promise<void> {
  const { ports, access, api } = context;
  const flags = {
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': ports.api,
    'endpoint-reconciler-type': 'none',
    'etcd-servers': `https://127.0.0.1:${ports.etcd}`,
    'etcd-cafile': 'pki/ca.crt',
    'etcd-certfile': 'pki/etcd-client.crt',
    'etcd-keyfile': 'pki/etcd-client.key',
    'tls-cert-file': 'pki/server.crt',
    'tls-private-key-file': 'pki/server.key',
    'client-ca-file': 'pki/ca.crt',
    'token-auth-file': 'pki/tokens.csv',
    'anonymous-auth': false,
    'authorization-mode': 'RBAC',
    'allow-privileged': true,
    'service-cluster-ip-range': '10.43.0.0/16',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': 'pki/accounts.pub',
    'service-account-signing-key-file': 'pki/accounts.key',
    'enable-priority-and-fairness': false,
    'shutdown-send-retry-after': true,
    profiling: false,
  };
  const isReady = async (): Promise<boolean> => (await api.send({ path: '/readyz' })).status === 200;
  await start(context, 'kube-apiserver', flags, isReady, access.server);
}

/** Whether a part of the control plane that serves with our certificate says that it is well. */
function healthOf(context: Context, port: number): () => Promise<boolean> {
  const api = new KubeApi({ ...context.access, server: `https://127.0.0.1:${port}` });
  return async () => {
    const { status } = await api.send({ path: '/healthz' });
    api.close();
    return status === 200;
  };
}

function servingFlags(name: string, port: number): Record<string, string | number | boolean> {
  const kubeconfig = `pki/${name}.kubeconfig`;
  return {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'tls-cert-file': 'pki/server.crt',
    'tls-private-key-file': 'pki/server.key',
    'leader-elect': false,
    profiling: false,
    'kube-api-qps': 500,
    'kube-api-burst': 1000,
  };
}

async function startControllerManager(context: Context): Promise<void> {
  const { manager: port } = context.ports;
  const flags = {
    ...servingFlags('kube-controller-manager', port),
    'service-account-private-key-file': 'pki/accounts.key',
    'root-ca-file': 'pki/ca.crt',
    'cluster-signing-cert-file': '',
    'cluster-signing-key-file': '',
    controllers: '*,-node-lifecycle-controller,-horizontal-pod-autoscaler-controller,-cloud-node-lifecycle-controller',
    'pvclaimbinder-sync-period': '2s',
  };
  await start(context, 'kube-controller-manager', flags, healthOf(context, port), `https://127.0.0.1:${port}`);
}

async function startScheduler(context: Context): Promise<void> {
  const port = context.schedulerPort;
  const flags = servingFlags('kube-scheduler', port);
  await start(context, 'kube-scheduler', flags, healthOf(context, port), `https://127.0.0.1:${port}`);
}

async function startKwok(context: Context): Promise<void> {
  const { api } = context;
  await api.call({ method: 'POST', path: '/api/v1/nodes', body: nodeObject() });
  const flags = {
    kubeconfig: 'pki/kwok.kubeconfig',
    config: fileURLToPath(new URL('./stages/stages.yaml', import.meta.url)),
    'manage-single-node': NODE_NAME,
    'node-ip': '127.0.0.1',
    'node-lease-duration-seconds': 40,
    'server-address': '',
  };
  await start(context, 'kwok', flags, async () => {
    const node = (await api.call({ path: `/api/v1/nodes/${NODE_NAME}` })) as NodeStatus;
    return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  });
  // The API server taints a new node until a controller that is off here has seen it ready.
  const untaint = { spec: { taints: null } };
  const contentType = 'application/merge-patch+json';
  await api.call({ method: 'PATCH', path: `/api/v1/nodes/${NODE_NAME}`, body: untaint, contentType });
}

interface NodeStatus {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function nodeObject(): unknown {
  const labels = {
    'kubernetes.io/hostname': NODE_NAME,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'node-role.kubernetes.io/control-plane': 'true',
  };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME, labels }, spec: { podCIDR: '10.42.0.0/24' } };
}
