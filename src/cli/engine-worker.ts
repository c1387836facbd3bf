import { deployStack } from '../deploy/deploy-stack.js';
import { leaveOutStackTraces } from '../deploy/stack-traces.js';
import type { Departure } from '../engine/departures.js';
import { workerSettings, type ToWorker } from '../engine/protocol.js';
import { attachedProvider, EMBEDDED_PROVIDER_VARIABLE, SETTINGS_VARIABLE } from '../engine/worker-environment.js';
import { serveWorker, type Channel } from '../engine/worker/serve-worker.js';
import type { StrangeFinder } from '../engine/worker/run-request.js';
import { createSecretFiles } from '../sops/secret-files.js';

/** How long a stopped update may take to end when the daemon is gone, in milliseconds. */
const ORPHAN_GRACE_MS = 30_000;

/** The daemon at the other end of this process's channel. */
const daemon: Channel = {
  send: (message) => {
    if (process.connected) {
      process.send?.(message);
    }
  },
  onMessage: (listener) => {
    process.on('message', (message) => listener(message as ToWorker));
  },
};

/** Serves the daemon until it closes the channel, or dies. */
async function serve(): Promise<void> {
  const settings = workerSettings.parse(JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{}'));
  const providerEnv: NodeJS.ProcessEnv = { ...process.env };
  const files = createSecretFiles(process.env);
  leaveOutStackTraces();
  const worker = serveWorker({
    settings,
    deploy: (deployment, onSecrets) => deployStack(deployment, { files, onSecrets }),
    findStrange,
    environment: process.env[EMBEDDED_PROVIDER_VARIABLE] === 'true' ? startEmbeddedProvider(providerEnv) : {},
    onAdopt: (adopt) => {
      providerEnv['PULUMI_K8S_UPSERT_EXISTING_OBJECTS'] = String(adopt);
    },
    channel: daemon,
  });
  // A daemon that died while this was loading is not told of again.
  if (process.connected) {
    await new Promise((resolve) => process.once('disconnect', resolve));
  }
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), ORPHAN_GRACE_MS).unref();
  await worker.stop();
  process.exit(0);
}

/** The client is loaded only when something is to be deleted. */
async function findStrange(objects: readonly Departure[], signal: AbortSignal): ReturnType<StrangeFinder> {
  if (objects.length === 0) {
    return [];
  }
  const { createKubeClient } = await import('../cluster/client.js');
  const { findClusterAccess } = await import('../cluster/find-access.js');
  const { findStrangeObjects } = await import('../cluster/strange-objects.js');
  const client = createKubeClient({ access: findClusterAccess({ env: process.env }), env: process.env });
  try {
    return await findStrangeObjects(client, objects, signal);
  } finally {
    await client.close();
  }
}

/** Only here the sandbox's code is loaded; with the official plugin it costs nothing. */
async function startEmbeddedProvider(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const { startProvider } = await import('../sandbox/provider/provider.js');
  const { port } = await startProvider({ env });
  return attachedProvider(port);
}

await serve();
