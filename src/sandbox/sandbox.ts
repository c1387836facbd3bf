import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/errors.js';
import type { Component } from './component.js';
import { startControlPlane } from './control-plane.js';
import { installDefinitions } from './custom-resources.js';
import { currentEnvironment } from './environment.js';
import { createGitRemote } from './git-remote.js';
import { KubeApi, type KubeAccess } from './kube-api.js';
import { startKubelet } from './pods/kubelet.js';
import type { ProcessLock } from './process-lock.js';
import { behaviorIn, MIRRORED_HOST, startRegistry } from './registry.js';
import { claimDirectory } from './sandbox-directory.js';
import type { Progress } from './toolchain.js';
import { waitUntil } from './wait-until.js';

/** What a sandbox can consist of. */
export type SandboxPart = 'cluster' | 'registry' | 'git';

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** Everything that the sandbox writes is below this folder. What an earlier sandbox left there is removed. */
  readonly directory: string;
  /** @default - all parts */
  readonly components?: readonly SandboxPart[];
  readonly log: Progress;
}

/** A component as `prodesk sandbox status` lists it. */
export interface ComponentInfo {
  readonly name: string;
  readonly pid: number;
  readonly address?: string;
}

/** A running sandbox: a control plane, a registry and a Git remote on the loopback address. */
export interface Sandbox {
  readonly directory: string;
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** How to reach the API server without a kubeconfig; absent without a cluster. */
  readonly access?: KubeAccess;
  readonly registry?: { readonly endpoint: string };
  readonly git?: { readonly url: string };
  readonly components: readonly ComponentInfo[];
  /** The variables with which `prodesk driver` and `pulumi` use this sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves with a message when a process ended although nobody stopped the sandbox. */
  readonly broken: Promise<string>;
  /** Ends every process; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox. Its processes end with this process, however that ends.
 * @throws StalledError `sandbox/toolchain`, `sandbox/failed`; whatever was started is ended then
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, components: parts = ['cluster', 'registry', 'git'], log } = options;
  const run = new Run(await claimDirectory(directory));
  const shared = {
    directory,
    env: { PATH: currentEnvironment()['PATH'] },
    progress: log,
    onComponent: (component: Component) => run.add(component),
  };
  try {
    const endpoint = parts.includes('registry') ? await run.onFreePorts(() => startRegistry(shared)) : undefined;
    const git = parts.includes('git') ? await createGitRemote(join(directory, 'git', 'prodesk.git')) : undefined;
    const cluster = parts.includes('cluster') ? await run.onFreePorts(() => startControlPlane(shared)) : undefined;
    if (cluster !== undefined) {
      await furnish(cluster.access, endpoint, run, log);
    }
    return {
      directory,
      kubeconfig: cluster?.kubeconfig ?? '',
      ...(cluster && { access: cluster.access }),
      ...(endpoint !== undefined && { registry: { endpoint } }),
      ...(git !== undefined && { git: { url: git } }),
      components: run.list(),
      env: await environmentOf(directory, { endpoint, git, kubeconfig: cluster?.kubeconfig }),
      broken: run.broken(),
      stop: () => run.stop(),
    };
  } catch (error) {
    await run.stop();
    throw error;
  }
}

/** Starts the kubelet and adds what a k3s cluster has beyond a bare control plane. */
async function furnish(access: KubeAccess, endpoint: string | undefined, run: Run, log: Progress): Promise<void> {
  const api = new KubeApi(access);
  const endKubelet = startKubelet({ api, behaviorOf: behaviorIn(endpoint), log });
  run.onStop(async () => {
    await endKubelet();
    api.close();
  });
  log('installing custom resource definitions');
  await installDefinitions(api);
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  await waitUntil(async () => (await api.send({ path })).status === 200, { what: 'the default service account' });
}

/** The processes of one sandbox, and everything else that has to end with it. */
class Run {
  readonly #lock: ProcessLock;
  readonly #components: Component[] = [];
  readonly #endings: (() => Promise<void>)[] = [];
  #stopping: Promise<void> | undefined;

  constructor(lock: ProcessLock) {
    this.#lock = lock;
  }

  add(component: Component): void {
    this.#components.push(component);
  }

  /** Has something done when the sandbox stops, before its processes end. */
  onStop(ending: () => Promise<void>): void {
    this.#endings.push(ending);
  }

  list(): ComponentInfo[] {
    return this.#components.map(({ process, address }) => ({
      name: process.name,
      pid: process.pid,
      ...(address === undefined ? {} : { address }),
    }));
  }

  /** Starts something on ports that were free, again when somebody else took one of them meanwhile. */
  async onFreePorts<T>(start: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const before = this.#components.length;
      try {
        return await start();
      } catch (error) {
        if (attempt === 3 || !messageOf(error).includes('address already in use')) {
          throw error;
        }
        await this.#stopFrom(before);
      }
    }
  }

  broken(): Promise<string> {
    const ends = this.#components.map(async ({ process }) => {
      const { code, signal } = await process.exited;
      return this.#stopping === undefined
        ? `${process.name} ended by itself (${signal ?? `code ${code ?? '?'}`})`
        : new Promise<string>(() => undefined);
    });
    return ends.length === 0 ? new Promise(() => undefined) : Promise.race(ends);
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    for (const end of this.#endings) {
      await end();
    }
    await this.#stopFrom(0);
    await this.#lock.release();
  }

  async #stopFrom(first: number): Promise<void> {
    for (const { process } of this.#components.splice(first).reverse()) {
      await process.stop();
    }
  }
}

interface Addresses {
  readonly endpoint: string | undefined;
  readonly git: string | undefined;
  readonly kubeconfig: string | undefined;
}

async function environmentOf(directory: string, addresses: Addresses): Promise<Record<string, string>> {
  const passphraseFile = join(directory, 'passphrase');
  await writeFile(passphraseFile, 'sandbox', { mode: 0o600 });
  const backend = join(directory, 'backend');
  await mkdir(backend, { recursive: true });
  const { endpoint, git, kubeconfig } = addresses;
  return {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PRODESK_BACKEND_URL: `file://${backend}`,
    PRODESK_STATE_DIRECTORY: join(directory, 'driver'),
    PRODESK_PROVIDER: 'auto',
    ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
    ...(git !== undefined && { PRODESK_GIT_URL: git }),
    ...(endpoint !== undefined && { PRODESK_REGISTRIES: JSON.stringify({ [MIRRORED_HOST]: { url: endpoint } }) }),
  };
}
