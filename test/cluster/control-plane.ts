import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import type { ClusterAccess } from '../../src/cluster/access.js';
import { createKubeClient, type KubeClient } from '../../src/cluster/client.js';
import { findFreePorts } from '../../src/sandbox/free-ports.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';

const TOKEN = 'administrator-token';

/** A request that `curl` could send: another client than the one under test. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Who asks. @default - the administrator */
  readonly token?: string;
}

/** An API server with its own etcd and the controllers, which can be killed and started again on the same port. */
export class TestControlPlane {
  readonly directory = mkdtempSync(join(tmpdir(), 'prodesk-cluster-'));
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false } });
  readonly #processes: ChildProcess[] = [];
  #ports: { etcd: number; peer: number; api: number; manager: number } = { etcd: 0, peer: 0, api: 0, manager: 0 };
  #apiServer: ChildProcess | undefined;

  static async start(): Promise<TestControlPlane> {
    const plane = new TestControlPlane();
    const [etcd = 0, peer = 0, api = 0, manager = 0] = await findFreePorts(4);
    plane.#ports = { etcd, peer, api, manager };
    plane.#writeFiles();
    await plane.#startEtcd();
    await plane.startApiServer();
    await plane.#startControllers();
    return plane;
  }

  get server(): string {
    return `https://127.0.0.1:${this.#ports.api}`;
  }

  get kubeconfig(): string {
    return join(this.directory, 'kubeconfig');
  }

  /** The certificate that the API server made for itself, which is its own authority. */
  get ca(): string {
    return readFileSync(join(this.directory, 'certs', 'apiserver.crt'), 'utf8');
  }

  access(more: Partial<ClusterAccess> = {}): ClusterAccess {
    const identity = { kind: 'token', token: TOKEN } as const;
    return { server: this.server, ca: this.ca, insecure: false, identity, origin: 'test', ...more };
  }

  client(more: Partial<ClusterAccess> = {}): KubeClient {
    return createKubeClient({ access: this.access(more) });
  }

  /** Sends a request past the client under test. Gives the parsed answer; throws when it is not a success. */
  async send({
    method,
    path,
    body,
    contentType = 'application/json',
    token = TOKEN,
  }: RawRequest): Promise<Record<string, unknown>> {
    const response = await fetch(this.server + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      dispatcher: this.#agent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text) as Record<string, unknown>;
  }

  async startApiServer(): Promise<void> {
    const { etcd, api } = this.#ports;
    this.#apiServer = await this.#run('kube-apiserver', {
      'etcd-servers': `http://127.0.0.1:${etcd}`,
      'secure-port': api,
      'bind-address': '127.0.0.1',
      'cert-dir': 'certs',
      'token-auth-file': 'tokens.csv',
      'authorization-mode': 'RBAC',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': 'accounts.pub',
      'service-account-signing-key-file': 'accounts.key',
      'service-cluster-ip-range': '10.43.0.0/16',
      'enable-priority-and-fairness': false,
      'endpoint-reconciler-type': 'none',
      'allow-privileged': true,
    });
    await waitUntil(
      async () => {
        const response = await fetch(`${this.server}/readyz`, {
          headers: { authorization: `Bearer ${TOKEN}` },
          dispatcher: this.#agent,
        });
        await response.text();
        return response.ok;
      },
      { what: 'the API server' },
    );
  }

  /** Ends the API server without any goodbye. */
  async killApiServer(): Promise<void> {
    if (this.#apiServer !== undefined) {
      await end(this.#apiServer, 'SIGKILL');
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((child) => end(child, 'SIGKILL')));
    await this.#agent.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #writeFiles(): void {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const kubeconfig = {
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: this.server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'admin', user: { token: TOKEN } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    };
    const files = {
      'accounts.key': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'accounts.pub': publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'tokens.csv': `${TOKEN},admin,admin,system:masters\nreader-token,reader,reader\n`,
      kubeconfig: JSON.stringify(kubeconfig),
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.directory, name), content, { mode: 0o600 });
    }
  }

  async #startEtcd(): Promise<void> {
    const { etcd, peer } = this.#ports;
    const url = `http://127.0.0.1:${etcd}`;
    await this.#run('etcd', {
      'data-dir': 'etcd',
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': `http://127.0.0.1:${peer}`,
      'unsafe-no-fsync': true,
      'log-level': 'error',
    });
    await waitUntil(async () => (await fetch(`${url}/readyz`)).ok, { what: 'etcd' });
  }

  async #startControllers(): Promise<void> {
    await this.#run('kube-controller-manager', {
      kubeconfig: 'kubeconfig',
      'service-account-private-key-file': 'accounts.key',
      'leader-elect': false,
      'bind-address': '127.0.0.1',
      'secure-port': this.#ports.manager,
      'cert-dir': 'certs-manager',
      controllers: '*,-horizontal-pod-autoscaler-controller',
    });
  }

  async #run(
    name: 'etcd' | 'kube-apiserver' | 'kube-controller-manager',
    flags: Readonly<Record<string, string | number | boolean>>,
  ): Promise<ChildProcess> {
    const program = await ensureProgram(name, () => undefined);
    const log = openSync(join(this.directory, `${name}.log`), 'a');
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = spawn(program, args, { cwd: this.directory, env: {}, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#processes.push(child);
    return child;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
