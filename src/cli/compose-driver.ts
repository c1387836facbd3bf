import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leaseNameOf } from '../app/lease-rights.js';
import { steadyClock, systemClock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import { createKubeClient } from '../cluster/client.js';
import { findClusterAccess } from '../cluster/find-access.js';
import { findLabelledObjects } from '../cluster/labelled-objects.js';
import { createLeaseLock } from '../cluster/lease-lock.js';
import { createClusterObserver } from '../cluster/observer.js';
import { createSecretReader } from '../cluster/secret-reader.js';
import { providerVersion } from '../deploy/provider-version.js';
import type { DriverPorts } from '../driver/ports.js';
import type { DaemonOptions } from '../driver/daemon.js';
import { openAuditLog } from '../driver/audit-log.js';
import { createDiskWatch } from '../driver/disk-watch.js';
import { openHistory } from '../driver/history.js';
import { chooseProvider } from '../engine/choose-provider.js';
import { writeAtomically } from '../engine/atomic-write.js';
import { createEngine } from '../engine/engine.js';
import { createPulumiCommand } from '../engine/pulumi-command.js';
import { readIfPresent } from '../engine/read-if-present.js';
import { createWorkspace } from '../engine/workspace.js';
import { createNotifier, type Notifier } from '../notify/notifier.js';
import { createGitSource } from '../sources/git/git-source.js';
import { createRegistry } from '../sources/registry/registry.js';
import { createSecretFiles } from '../sops/secret-files.js';
import { createSynthesizer } from '../synth/child-synthesizer.js';
import type { DriverConfig } from './driver-config.js';
import { readReceivers } from './receivers.js';
import { ALWAYS_LEADER, joinElection, type Leadership } from './leadership.js';
import { openSecretFile } from './secret-file.js';

const PROJECT = 'prodesk';
const GIT_TIMEOUT_MS = 120_000;
const REGISTRY_TIMEOUT_MS = 30_000;
const NOTIFY_TIMEOUT_MS = 10_000;

/** Puts the daemon together: every adapter with its part of the configuration. */
export async function composeDriver(
  config: DriverConfig,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<DaemonOptions> {
  const { stateDirectory } = config;
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const { engine, workspace } = await composeEngine(config, env, logger);
  const access = findClusterAccess({ env, ...(config.kubeconfig && { kubeconfig: config.kubeconfig }) });
  const cluster = createKubeClient({ access, env });
  const ports: DriverPorts = {
    git: await composeGit(config, env, logger),
    registry: await composeRegistry(config, env, logger),
    synthesizer: composeSynthesizer(config, logger),
    engine,
    workspace,
    secretFiles: createSecretFiles(withAgeKey(config, env)),
    observer: createClusterObserver({ client: cluster, clock: steadyClock, logger }),
    secrets: createSecretReader(cluster),
    labels: { findLabelled: (signal) => findLabelledObjects(cluster, signal) },
    history: await openHistory(join(stateDirectory, 'history.jsonl')),
    audit: await openAuditLog(join(stateDirectory, 'audit.jsonl')),
    disk: createDiskWatch({ directories: writtenFolders(config, env), clock: systemClock, logger }),
    clock: systemClock,
    steady: steadyClock,
    logger,
    random: Math.random,
  };
  return {
    ports,
    stack: config.stack,
    memoryFile: join(stateDirectory, 'memory.json'),
    digestKey: await readOrCreateKey(join(stateDirectory, 'digest.key')),
    pullSecretNamespaces: config.pullSecretNamespaces,
    settings: {
      gitIntervalMs: config.gitInterval,
      registryIntervalMs: config.registryInterval,
      rolloutGraceMs: config.rolloutGrace,
      firstImageWaitMs: config.firstImageWait,
      pruneLimit: config.pruneLimit,
      objectPruneLimit: config.objectPruneLimit,
      batchSize: config.batchSize,
    },
  };
}

/** Where a pod finds the namespace it is in. */
const POD_NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The election that the configuration asks for. A client of its own: nothing that the daemon asks the API server may hold it up. */
export async function composeLeadership(
  config: DriverConfig,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<Leadership> {
  const { leaderElection, leaderElectionNamespace, kubeconfig, stack } = config;
  const podNamespace = await readFile(POD_NAMESPACE_FILE, 'utf8').catch(() => undefined);
  const isWanted = leaderElection === 'lease' || (leaderElection === 'auto' && podNamespace !== undefined);
  if (!isWanted) {
    return ALWAYS_LEADER;
  }
  const access = findClusterAccess({ env, ...(kubeconfig && { kubeconfig }) });
  const client = createKubeClient({ access, env });
  const lease = { namespace: leaderElectionNamespace ?? podNamespace?.trim() ?? 'prodesk', name: leaseNameOf(stack) };
  const election = joinElection(
    { lock: createLeaseLock(client, lease), name: `${lease.namespace}/${lease.name}` },
    logger,
  );
  return {
    ...election,
    async stop() {
      await election.stop();
      await client.close();
    },
  };
}

/**
 * Tells the receivers that the configuration names.
 * @throws ConfigError `config/invalid`
 */
export function composeNotifier(config: DriverConfig, logger: Logger): Notifier {
  return createNotifier({
    receivers: readReceivers(config),
    clock: steadyClock,
    random: Math.random,
    logger,
    timeoutMs: NOTIFY_TIMEOUT_MS,
  });
}

async function composeEngine(config: DriverConfig, env: NodeJS.ProcessEnv, logger: Logger) {
  const { stateDirectory, stack } = config;
  const pulumiHome = join(stateDirectory, 'pulumi-home');
  const backendUrl = backendUrlOf(config, env);
  if (backendUrl.startsWith('file://')) {
    await mkdir(fileURLToPath(backendUrl), { recursive: true, mode: 0o700 });
  }
  const inherited: NodeJS.ProcessEnv = {
    ...withAgeKey(config, env),
    ...(config.kubeconfig && { KUBECONFIG: config.kubeconfig }),
    ...(config.passphraseFile && { PULUMI_CONFIG_PASSPHRASE_FILE: config.passphraseFile }),
  };
  const program = config.pulumiProgram ?? 'pulumi';
  const provider = await chooseProvider({
    wanted: config.provider,
    version: providerVersion(),
    program,
    pulumiHome,
    env: inherited,
  });
  logger.info('kubernetes plugin chosen', { provider });
  const workDirectory = join(stateDirectory, 'workspace');
  const settings = { project: PROJECT, stack, workDirectory, pulumiHome, backendUrl };
  const engine = createEngine({
    settings,
    provider,
    ...(config.pulumiProgram && { program: config.pulumiProgram }),
    inherited,
    worker: { module: fileURLToPath(new URL('./engine-worker.js', import.meta.url)), execArgv: [] },
    idleMs: config.engineIdle,
    clock: systemClock,
    logger,
  });
  const pulumi = createPulumiCommand({
    program,
    directory: workDirectory,
    environment: { ...inherited, PULUMI_HOME: pulumiHome, PULUMI_BACKEND_URL: backendUrl },
  });
  const workspace = createWorkspace({ directory: workDirectory, id: { project: PROJECT, stack }, pulumi, logger });
  return { engine, workspace };
}

function backendUrlOf({ backendUrl, stateDirectory }: DriverConfig, env: NodeJS.ProcessEnv): string {
  return backendUrl ?? env['PULUMI_BACKEND_URL'] ?? `file://${join(stateDirectory, 'backend')}`;
}

/** The folders that an update writes to: what the daemon keeps, and Pulumi's state where that is in files. */
function writtenFolders(config: DriverConfig, env: NodeJS.ProcessEnv): string[] {
  const backend = backendUrlOf(config, env);
  return [config.stateDirectory, ...(backend.startsWith('file://') ? [fileURLToPath(backend)] : [])];
}

/** The environment in which SOPS files are decrypted. */
function withAgeKey(config: DriverConfig, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, ...(config.ageKeyFile && { SOPS_AGE_KEY_FILE: config.ageKeyFile }) };
}

async function composeGit(config: DriverConfig, env: NodeJS.ProcessEnv, logger: Logger) {
  const credentials = {
    ...(config.gitUsername && { username: config.gitUsername }),
    ...(env['PRODESK_GIT_TOKEN'] && { password: env['PRODESK_GIT_TOKEN'] }),
    ...(config.gitSshKeyFile && { sshKeyFile: config.gitSshKeyFile }),
    ...(config.gitKnownHostsFile && { knownHostsFile: config.gitKnownHostsFile }),
  };
  return createGitSource({
    url: config.gitUrl,
    branch: config.gitBranch,
    directory: join(config.stateDirectory, 'git'),
    credentials,
    ...(config.gitTokenFile && { readPassword: await openSecretFile(config.gitTokenFile, 'gitTokenFile', logger) }),
    ...(config.gitVerify && { verify: config.gitVerify }),
    timeoutMs: GIT_TIMEOUT_MS,
    logger,
    environment: env,
  });
}

async function composeRegistry(config: DriverConfig, env: NodeJS.ProcessEnv, logger: Logger) {
  const endpoints = await Promise.all(
    Object.entries(config.registries).map(async ([host, { passwordFile, ...endpoint }]) => {
      const password = passwordFile && {
        readPassword: await openSecretFile(passwordFile, `registries.${host}.passwordFile`, logger),
      };
      return [host, { ...endpoint, ...password }] as const;
    }),
  );
  return createRegistry({
    endpoints: Object.fromEntries(endpoints),
    ...(config.dockerConfigFile && { dockerConfigFile: config.dockerConfigFile }),
    helperEnvironment: withoutOwn(env),
    buildsDirectory: join(config.stateDirectory, 'builds'),
    timeoutMs: REGISTRY_TIMEOUT_MS,
    userAgent: 'prodesk',
    clock: systemClock,
    logger,
  });
}

/** An environment for other programs: without the daemon's own settings, such as the passphrase. */
function withoutOwn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(PRODESK|PULUMI)_/.test(name)));
}

function composeSynthesizer(config: DriverConfig, logger: Logger) {
  return createSynthesizer({
    cacheDirectory: join(config.stateDirectory, 'dependencies'),
    revisionsDirectory: join(config.stateDirectory, 'revisions'),
    timeoutMs: config.synthTimeout,
    memoryMiB: config.synthMemory,
    allow: config.synthAllow,
    logger,
  });
}

/** A random key that stays the same across restarts. */
async function readOrCreateKey(path: string): Promise<string> {
  const known = (await readIfPresent(path))?.trim() ?? '';
  if (/^[0-9a-f]{64}$/.test(known)) {
    return known;
  }
  const key = randomBytes(32).toString('hex');
  await writeAtomically(path, key);
  return key;
}
