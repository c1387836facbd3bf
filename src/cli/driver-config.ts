import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../base/duration.js';
import { ConfigError, messageOf } from '../base/errors.js';
import { NEWS_EVENTS } from '../driver/core/conditions.js';
import { parseAllowances } from '../synth/confinement.js';

const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return typeof value === 'number' ? value * 1000 : parseDuration(value);
  } catch (error) {
    context.addIssue(messageOf(error));
    return z.NEVER;
  }
});

const registries = z.preprocess(
  (value) => (typeof value === 'string' ? parseJson(value) : value),
  z.record(
    z.string(),
    z.strictObject({
      url: z.url().exactOptional(),
      username: z.string().exactOptional(),
      passwordFile: z.string().exactOptional(),
      caFile: z.string().exactOptional(),
      insecure: z.boolean().exactOptional(),
    }),
  ),
);

const receiver = z
  .strictObject({
    type: z.enum(['webhook', 'slack', 'discord', 'ntfy']),
    urlFile: z.string(),
    secretFile: z.string().exactOptional(),
    tokenFile: z.string().exactOptional(),
    apps: z.array(z.string().min(1)).min(1).exactOptional(),
    events: z.array(z.enum(NEWS_EVENTS)).min(1).exactOptional(),
  })
  .refine(({ type, secretFile }) => secretFile === undefined || type === 'webhook', {
    path: ['secretFile'],
    message: 'only a receiver of type webhook is signed for',
  })
  .refine(({ type, tokenFile }) => tokenFile === undefined || type === 'ntfy', {
    path: ['tokenFile'],
    message: 'only a receiver of type ntfy takes a token',
  });

const notifications = z.preprocess(
  (value) => (typeof value === 'string' ? parseJson(value) : value),
  z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a receiver is named by small letters, digits and hyphens'),
    receiver,
  ),
);

const allowances = z.string().transform((value, context) => {
  try {
    return parseAllowances(value);
  } catch (error) {
    context.addIssue(messageOf(error));
    return z.NEVER;
  }
});

const verification = z
  .string()
  .regex(/^(ssh|gpg):./, 'write ssh:FILE (allowed signers) or gpg:FILE (keys of gpg --export)')
  .transform((value) => ({
    format: value.startsWith('ssh:') ? ('ssh' as const) : ('gpg' as const),
    file: resolve(value.slice(4)),
  }))
  .refine(({ file }) => existsSync(file), 'the file is not there');

const flag = z.union([z.boolean(), z.stringbool()]);

const schema = z.strictObject({
  gitUrl: z.string().min(1),
  gitBranch: z.string().min(1),
  gitInterval: duration,
  gitUsername: z.string().exactOptional(),
  gitTokenFile: z.string().exactOptional(),
  gitSshKeyFile: z.string().exactOptional(),
  gitKnownHostsFile: z.string().exactOptional(),
  gitVerify: verification.exactOptional(),
  gitWebhookSecretFile: z.string().exactOptional(),
  registryInterval: duration,
  registries,
  dockerConfigFile: z.string().exactOptional(),
  pullSecretNamespaces: z.union([z.array(z.string()), z.string().transform(splitList)]),
  registryWebhookSecretFile: z.string().exactOptional(),
  notifications,
  stack: z.string().regex(/^[A-Za-z0-9_.-]+$/),
  stateDirectory: z.string(),
  backendUrl: z.string().exactOptional(),
  kubeconfig: z.string().exactOptional(),
  provider: z.enum(['official', 'embedded', 'auto']),
  pulumiProgram: z.string().exactOptional(),
  passphraseFile: z.string().exactOptional(),
  ageKeyFile: z.string().exactOptional(),
  rolloutGrace: duration,
  firstImageWait: duration,
  pruneLimit: z.coerce.number().min(0).max(1),
  objectPruneLimit: z.coerce.number().min(0).max(1),
  batchSize: z.coerce.number().int().positive(),
  synthTimeout: duration,
  synthMemory: z.coerce.number().int().positive(),
  synthAllow: allowances,
  engineIdle: duration,
  stopGrace: duration,
  leaderElection: z.enum(['auto', 'off', 'lease']),
  leaderElectionNamespace: z.string().exactOptional(),
  listen: z.string(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  logPretty: flag,
});

/** The daemon's configuration, complete and valid. Durations are milliseconds. */
export type DriverConfig = Readonly<z.infer<typeof schema>>;
type Key = keyof DriverConfig;

/** One setting as `--help` shows it. */
export interface ConfigOption {
  readonly key: Key;
  readonly description: string;
  /** @default - the setting is required, or off when absent */
  readonly defaultValue?: string;
}

/** Where state is kept unless told otherwise. */
export function defaultStateDirectory(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'prodesk', 'driver');
}

/** Every setting, in the order of `--help`. */
export const CONFIG_OPTIONS: readonly ConfigOption[] = [
  { key: 'gitUrl', description: 'the remote to follow: https, ssh, or a path (required)' },
  { key: 'gitBranch', description: 'the branch to follow', defaultValue: 'master' },
  { key: 'gitInterval', description: 'time between polls of Git', defaultValue: '3m' },
  { key: 'gitUsername', description: 'user name for https' },
  { key: 'gitTokenFile', description: 'file with the token or password for https' },
  { key: 'gitSshKeyFile', description: 'private key for ssh' },
  { key: 'gitKnownHostsFile', description: 'known hosts for ssh' },
  {
    key: 'gitVerify',
    description: 'take signed commits only: ssh:ALLOWED-SIGNERS or gpg:KEYRING (default: any commit)',
  },
  { key: 'gitWebhookSecretFile', description: 'file with the secret of Git webhooks (default: no webhooks)' },
  { key: 'registryInterval', description: 'time between polls of each image', defaultValue: '2m' },
  {
    key: 'registries',
    description: 'JSON by host: {"ghcr.io": {"username", "passwordFile", "url", "caFile", "insecure"}}',
    defaultValue: '{}',
  },
  { key: 'dockerConfigFile', description: 'Docker config file with registry logins, or the helpers that keep them' },
  {
    key: 'pullSecretNamespaces',
    description: 'namespaces, by commas, whose pull secrets applications of other namespaces may use',
    defaultValue: '',
  },
  { key: 'registryWebhookSecretFile', description: 'file with the secret of registry webhooks (default: none)' },
  {
    key: 'notifications',
    description: 'JSON by receiver: {"team": {"type", "urlFile", "secretFile", "tokenFile", "apps", "events"}}',
    defaultValue: '{}',
  },
  { key: 'stack', description: 'the Pulumi stack', defaultValue: 'prodesk' },
  { key: 'stateDirectory', description: 'folder for all state', defaultValue: '~/.local/state/prodesk/driver' },
  { key: 'backendUrl', description: 'Pulumi backend (default: files in the state directory)' },
  { key: 'kubeconfig', description: 'kubeconfig file (default: KUBECONFIG, service account, ~/.kube/config)' },
  { key: 'provider', description: 'Kubernetes plugin: official, embedded or auto', defaultValue: 'official' },
  { key: 'pulumiProgram', description: 'path of the pulumi program (default: PATH)' },
  { key: 'passphraseFile', description: 'file with the passphrase of the stack (or PULUMI_CONFIG_PASSPHRASE)' },
  { key: 'ageKeyFile', description: 'file with the age identity for SOPS files (or SOPS_AGE_KEY_FILE)' },
  { key: 'rolloutGrace', description: 'how long pods may fail before a rollback', defaultValue: '60s' },
  { key: 'firstImageWait', description: 'how long a first sync waits for its registry', defaultValue: '60s' },
  { key: 'pruneLimit', description: 'share of applications a commit may remove by itself', defaultValue: '0.5' },
  {
    key: 'objectPruneLimit',
    description: 'share of its objects an application may lose by itself',
    defaultValue: '0.5',
  },
  { key: 'batchSize', description: 'most applications in one update', defaultValue: '250' },
  { key: 'synthTimeout', description: 'time limit of a synthesis', defaultValue: '60s' },
  { key: 'synthMemory', description: 'memory limit of a synthesis, MiB', defaultValue: '1024' },
  {
    key: 'synthAllow',
    description: 'what applications may do beside reading their checkout: network, processes, files (default: nothing)',
    defaultValue: '',
  },
  { key: 'engineIdle', description: 'how long an idle engine process is kept', defaultValue: '20s' },
  { key: 'stopGrace', description: 'how long a running update may take when stopping', defaultValue: '60s' },
  {
    key: 'leaderElection',
    description: 'lease: only one of several daemons writes; off; auto: lease in a pod, off elsewhere',
    defaultValue: 'auto',
  },
  { key: 'leaderElectionNamespace', description: 'namespace of the Lease (default: that of the pod, else prodesk)' },
  {
    key: 'listen',
    description: 'address of the read-only HTTP endpoint; "off" for none',
    defaultValue: '127.0.0.1:8420',
  },
  { key: 'logLevel', description: 'debug, info, warn or error', defaultValue: 'info' },
  { key: 'logPretty', description: 'log lines for people instead of JSON', defaultValue: 'false' },
];

/** `gitUrl` as an environment variable: `PRODESK_GIT_URL`. */
export function variableOf(key: string): string {
  return `PRODESK_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `gitUrl` as a flag: `--git-url`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The configuration from flags, environment and file, in this order of precedence, and defaults.
 * @param flags values by key, as the command line gave them
 * @throws ConfigError `config/invalid` listing every problem with its key and where it came from
 */
export function loadDriverConfig(
  flags: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
  file?: string,
): DriverConfig {
  const fromFile = file === undefined ? {} : readConfigFile(file);
  const values: Record<string, unknown> = { ...fromFile };
  const origins: Record<string, string> = Object.fromEntries(Object.keys(fromFile).map((key) => [key, file ?? '']));
  for (const { key, defaultValue } of CONFIG_OPTIONS) {
    const variable = variableOf(key);
    if (flags[key] !== undefined) {
      [values[key], origins[key]] = [flags[key], flagOf(key)];
    } else if (env[variable] !== undefined && env[variable] !== '') {
      [values[key], origins[key]] = [env[variable], variable];
    } else if (values[key] === undefined && defaultValue !== undefined) {
      [values[key], origins[key]] = [defaultValue, 'default'];
    }
  }
  if (origins.stateDirectory === 'default') {
    values.stateDirectory = defaultStateDirectory(env);
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    throw new ConfigError('config/invalid', describeProblems(parsed.error, origins));
  }
  return Object.freeze({ ...parsed.data, stateDirectory: resolve(parsed.data.stateDirectory) });
}

function describeProblems(error: z.ZodError, origins: Readonly<Record<string, string>>): string {
  const lines = error.issues.map((issue) => {
    const key = issue.path.join('.');
    const origin = origins[String(issue.path[0])];
    if (origin === undefined && issue.code !== 'unrecognized_keys') {
      return `  ${key}: not set; use ${flagOf(key)}, ${variableOf(key)} or the configuration file`;
    }
    return `  ${key === '' ? 'configuration file' : `${key} (${origin})`}: ${issue.message}`;
  });
  return `the configuration cannot be used:\n${lines.join('\n')}`;
}

function readConfigFile(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(parse(readFileSync(file, 'utf8')) ?? {});
  } catch (error) {
    // The other lines of a parser's message show lines of the file.
    const [reason = ''] = error instanceof z.ZodError ? ['it is not a map of settings'] : messageOf(error).split('\n');
    throw new ConfigError('config/invalid', `the configuration file ${file} cannot be read: ${reason}`);
  }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema reports text where an object is expected, with the setting's name.
    return text;
  }
}
