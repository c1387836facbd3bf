import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ConfigError, messageOf } from '../../base/errors.js';
import { isObject, objectAt, textAt, type Json, type JsonObject } from './json.js';

/** Where an API server is and how to prove who we are. */
export interface ClusterAccess {
  /** URL without a trailing slash. */
  readonly server: string;
  /** The namespace of the context, where it names one. */
  readonly namespace?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Asked before each request, because tokens of service accounts rotate on disk. */
  readonly token?: () => string;
  readonly tlsServerName?: string;
  readonly skipTlsVerify: boolean;
}

/** Which kubeconfig to use, and what of it. */
export interface KubeconfigChoice {
  /** A path or the content itself. @default - `$KUBECONFIG`, then `~/.kube/config`, then the pod's service account */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds the API server and the credentials.
 * @throws ConfigError `config/invalid` or `config/missing`
 */
export function loadClusterAccess(choice: KubeconfigChoice, env: NodeJS.ProcessEnv): ClusterAccess {
  const source = findKubeconfig(choice.kubeconfig, env);
  if (source !== undefined) {
    return accessOf(parseKubeconfig(source.text, source.name), source, choice);
  }
  const access = inClusterAccess(env);
  if (access === undefined) {
    throw new ConfigError(
      'config/missing',
      'no kubeconfig: set the provider option "kubeconfig" or the variable KUBECONFIG, or create ~/.kube/config',
    );
  }
  return access;
}

interface Source {
  readonly text: string;
  /** What to call it in messages: its path, or "kubeconfig". */
  readonly name: string;
  /** Relative file names inside are relative to this folder. */
  readonly directory: string;
}

/** Whether a setting is a kubeconfig itself and not the path of one. */
export function isKubeconfigText(setting: string): boolean {
  return /[\n{]/.test(setting);
}

function findKubeconfig(given: string | undefined, env: NodeJS.ProcessEnv): Source | undefined {
  if (given !== undefined && given.trim() !== '') {
    return isKubeconfigText(given)
      ? { text: given, name: 'kubeconfig', directory: process.cwd() }
      : readSource(given.replace(/^~(?=\/)/, homedir()), true);
  }
  const fromEnv = env['KUBECONFIG']?.split(':').find((path) => path !== '');
  return fromEnv === undefined ? readSource(join(homedir(), '.kube', 'config'), false) : readSource(fromEnv, true);
}

function readSource(path: string, required: boolean): Source | undefined {
  try {
    return { text: readFileSync(path, 'utf8'), name: path, directory: dirname(resolve(path)) };
  } catch (error) {
    if (!required) {
      return undefined;
    }
    throw new ConfigError('config/missing', `cannot read the kubeconfig ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Parses the text of a kubeconfig.
 * @throws ConfigError `config/invalid`
 */
export function parseKubeconfig(text: string, name: string): JsonObject {
  let parsed: Json;
  try {
    parsed = parse(text) as Json;
  } catch {
    // The parser quotes the line that it cannot read, and that line may hold a key.
    throw new ConfigError('config/invalid', `${name} is not YAML; check the kubeconfig`);
  }
  if (!isObject(parsed)) {
    throw new ConfigError('config/invalid', `${name} is not a kubeconfig: it has no fields`);
  }
  return parsed;
}

/** The cluster entry that a kubeconfig and a choice lead to; empty when there is none. */
export function chosenCluster(config: JsonObject, choice: KubeconfigChoice): JsonObject {
  const context = entry(config, 'contexts', choice.context ?? textAt(config, 'current-context'), 'context');
  return entry(config, 'clusters', choice.cluster ?? textAt(context ?? {}, 'cluster'), 'cluster') ?? {};
}

function accessOf(config: JsonObject, source: Source, choice: KubeconfigChoice): ClusterAccess {
  const contextName = choice.context ?? textAt(config, 'current-context');
  const context = entry(config, 'contexts', contextName, 'context');
  if (context === undefined) {
    throw new ConfigError(
      'config/invalid',
      `${source.name}: there is no context "${contextName ?? ''}"; set current-context`,
    );
  }
  const cluster = chosenCluster(config, choice);
  const server = textAt(cluster, 'server');
  if (server === undefined) {
    throw new ConfigError(
      'config/invalid',
      `${source.name}: the cluster of context "${contextName ?? ''}" has no server`,
    );
  }
  const user = entry(config, 'users', textAt(context, 'user'), 'user') ?? {};
  if (user['exec'] !== undefined || user['auth-provider'] !== undefined) {
    throw new ConfigError(
      'config/invalid',
      `${source.name}: this provider reads client certificates and tokens, not exec or auth-provider credentials`,
    );
  }
  return {
    server: server.replace(/\/+$/, ''),
    skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    ...optional('namespace', textAt(context, 'namespace')),
    ...optional('tlsServerName', textAt(cluster, 'tls-server-name')),
    ...optional('ca', material(cluster, 'certificate-authority', source)),
    ...optional('cert', material(user, 'client-certificate', source)),
    ...optional('key', material(user, 'client-key', source)),
    ...optional('token', tokenOf(user, source)),
  };
}

function tokenOf(user: JsonObject, source: Source): (() => string) | undefined {
  const token = textAt(user, 'token');
  if (token !== undefined) {
    return () => token;
  }
  const file = textAt(user, 'tokenFile');
  return file === undefined ? undefined : tokenFile(resolve(source.directory, file));
}

function tokenFile(path: string): () => string {
  return () => readFileSync(path, 'utf8').trim();
}

/** The PEM text that is inline in base64 under `<key>-data`, or in a file under `<key>`. */
function material(object: JsonObject, key: string, source: Source): string | undefined {
  const inline = textAt(object, `${key}-data`);
  if (inline !== undefined) {
    return Buffer.from(inline, 'base64').toString('utf8');
  }
  const file = textAt(object, key);
  return file === undefined ? undefined : readSource(resolve(source.directory, file), true)?.text;
}

function entry(config: JsonObject, list: string, name: string | undefined, key: string): JsonObject | undefined {
  const items = config[list];
  const found = Array.isArray(items) ? items.find((item) => isObject(item) && item['name'] === name) : undefined;
  return isObject(found) ? objectAt(found, key) : undefined;
}

function inClusterAccess(env: NodeJS.ProcessEnv): ClusterAccess | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (host === undefined) {
    return undefined;
  }
  const ca = readSource(`${SERVICE_ACCOUNT}/ca.crt`, true)?.text;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`,
    skipTlsVerify: false,
    ...optional('ca', ca),
    token: tokenFile(`${SERVICE_ACCOUNT}/token`),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
