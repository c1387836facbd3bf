import { dirname } from 'node:path';
import type { WorkerSettings } from './protocol.js';

/** The variable with which the worker gets its settings, as JSON. */
export const SETTINGS_VARIABLE = 'PRODESK_ENGINE_SETTINGS';
/** `true`: the worker serves the Kubernetes provider itself, instead of the official plugin. */
export const EMBEDDED_PROVIDER_VARIABLE = 'PRODESK_ENGINE_EMBEDDED_PROVIDER';

/** What the environment of a worker is made of. */
export interface WorkerEnvironmentOptions {
  readonly settings: WorkerSettings;
  /** `embedded`: the provider of the sandbox, in the worker's own process. */
  readonly provider: 'official' | 'embedded';
  /** The path of the `pulumi` program; without one it is looked up on `PATH`. */
  readonly program?: string;
  /** The daemon's environment: credentials, kubeconfig, proxies. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/** Pulumi logs each run to a file and lets these grow to 500 MB; the environment may say otherwise. */
const LOGS = { PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '20' };

/** The whole environment of a worker. */
export function workerEnvironment(options: WorkerEnvironmentOptions): Record<string, string> {
  const { settings, provider, program, inherited } = options;
  const base = Object.fromEntries(
    Object.entries(inherited).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const path = [program === undefined ? undefined : dirname(program), base['PATH']].filter(
    (part) => part !== undefined,
  );
  return {
    ...LOGS,
    ...base,
    PATH: path.join(':'),
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
    ...(provider === 'embedded' ? { [EMBEDDED_PROVIDER_VARIABLE]: 'true' } : {}),
  };
}

/**
 * Tells the engine where a provider listens that is no plugin. Without the second variable the engine looks for the plugin
 * on the network first, because the state names its version: 2.5 s an update where there is none.
 */
export function attachedProvider(port: number): Record<string, string> {
  return {
    PULUMI_DEBUG_PROVIDERS: `kubernetes:${port}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  };
}
