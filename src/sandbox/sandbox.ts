import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { Component } from './component.js';
import { startControlPlane } from './control-plane.js';
import { currentEnvironment } from './environment.js';
import { createGitRemote } from './git-remote.js';
import { KubeApi, type KubeAccess } from './kube-api.js';
import { startKubelet } from './pods/kubelet.js';
import { behaviorIn, MIRRORED_HOST, startRegistry } from './registry.js';
import type { Progress } from './toolchain.js';
import { waitUntil } from './wait-until.js';

/** What a sandbox can consist of. */
export type SandboxPart = 'cluster' | 'registry' | 'git';

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** Everything that the sandbox writes is below this folder. */
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
  /** Ends every process; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox. Its processes end with this process, however that ends.
 * @throws StalledError `sandbox/toolchain`, `sandbox/failed`; whatever was started is ended then
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, components: parts = ['cluster', 'registry', 'git'], log } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const components: Component[] = [];
  const endings: (() => Promise<void>)[] = [];
  const onComponent = (component: Component): void => void components.push(component);
  const shared = { directory, env: { PATH: currentEnvironment()['PATH'] }, progress: log, onComponent };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(endings, components));
  try {
    const endpoint = parts.includes('registry') ? await startRegistry(shared) : undefined;
    const git = parts.includes('git') ? await createGitRemote(join(directory, 'git', 'prodesk.git')) : undefined;
    const cluster = parts.includes('cluster') ? await startControlPlane(shared) : undefined;
    if (cluster !== undefined) {
      const api = new KubeApi(cluster.access);
      endings.push(startKubelet({ api, behaviorOf: behaviorIn(endpoint), log }), () => Promise.resolve(api.close()));
      await installDefinitions(api, log);
    }
    return {
      directory,
      kubeconfig: cluster?.kubeconfig ?? '',
      ...(cluster && { access: cluster.access }),
      ...(endpoint !== undefined && { registry: { endpoint } }),
      ...(git !== undefined && { git: { url: git } }),
      components: components.map(({ process, address }) => ({
        name: process.name,
        pid: process.pid,
        ...(address !== undefined && { address }),
      })),
      env: await environmentOf(directory, { endpoint, git, kubeconfig: cluster?.kubeconfig }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopAll(endings: readonly (() => Promise<void>)[], components: readonly Component[]): Promise<void> {
  for (const end of endings) {
    await end();
  }
  for (const { process } of [...components].reverse()) {
    await process.stop();
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

/** Installs the custom resource definitions that a k3s cluster with Prometheus has, and waits until they are served. */
async function installDefinitions(api: KubeApi, log: Progress): Promise<void> {
  log('installing custom resource definitions');
  const text = await readFile(fileURLToPath(new URL('./crds/crds.yaml', import.meta.url)), 'utf8');
  const definitions = parseAllDocuments(text).map((document) => document.toJS() as Definition);
  for (const definition of definitions) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}?fieldManager=sandbox&force=true`;
    await api.call({ method: 'PATCH', path, body: definition, contentType: 'application/apply-patch+yaml' });
  }
  for (const { spec } of definitions) {
    const version = spec.versions[0]?.name ?? '';
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}`;
    await waitUntil(async () => (await api.send({ path })).status === 200, { what: `the kind ${spec.names.kind}` });
  }
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly { readonly name: string }[];
  };
}
