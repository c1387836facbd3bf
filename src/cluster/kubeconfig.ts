import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { ConfigError, messageOf } from '../base/errors.js';
import type { ClusterAccess, ExecPlugin, Identity } from './access.js';
import { kubeconfigSchema, type Kubeconfig, type KubeconfigCluster, type KubeconfigUser } from './kubeconfig-schema.js';

/** A kubeconfig file with the folder that its relative paths start from. */
interface LoadedFile {
  readonly path: string;
  readonly config: Kubeconfig;
}

/**
 * Reads how to reach a cluster from kubeconfig files. Of entries with the same name the first file wins, as with kubectl.
 * @param paths the files, in the order of `KUBECONFIG`
 * @param contextName the context to use instead of `current-context`
 * @throws ConfigError `config/missing` or `config/invalid`, naming the file and the field
 */
export function loadKubeconfig(paths: readonly string[], contextName?: string): ClusterAccess {
  const files = paths.map(readKubeconfig);
  const wanted = contextName ?? files.map(({ config }) => config['current-context']).find((name) => Boolean(name));
  if (wanted === undefined || wanted === null) {
    throw new ConfigError('config/missing', `${paths.join(', ')}: no current-context; name a context`);
  }
  const { item: context } = find(
    files,
    'context',
    wanted,
    ({ config }) => config.contexts?.find(({ name }) => name === wanted)?.context,
  );
  const { item: cluster, file } = find(
    files,
    'cluster',
    context.cluster,
    ({ config }) => config.clusters?.find(({ name }) => name === context.cluster)?.cluster,
  );
  return {
    server: serverOf(cluster, file.path),
    ...authorityOf(cluster, file),
    ...(cluster['tls-server-name'] === undefined ? {} : { serverName: cluster['tls-server-name'] }),
    insecure: cluster['insecure-skip-tls-verify'] ?? false,
    identity: context.user === undefined || context.user === '' ? { kind: 'none' } : identityOf(files, context.user),
    origin: `context ${wanted} of ${file.path}`,
  };
}

function readKubeconfig(path: string): LoadedFile {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError('config/invalid', `kubeconfig ${path} cannot be read: ${firstLineOf(error)}`);
  }
  const parsed = kubeconfigSchema.safeParse(content ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError('config/invalid', `kubeconfig ${path}: ${problems.join('; ')}`);
  }
  return { path, config: parsed.data };
}

function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}

function find<T>(files: readonly LoadedFile[], what: string, name: string, pick: (file: LoadedFile) => T | undefined) {
  for (const file of files) {
    const item = pick(file);
    if (item !== undefined) {
      return { item, file };
    }
  }
  throw new ConfigError('config/invalid', `${files.map(({ path }) => path).join(', ')}: no ${what} named "${name}"`);
}

function serverOf(cluster: KubeconfigCluster, path: string): string {
  if (!URL.canParse(cluster.server)) {
    throw new ConfigError('config/invalid', `kubeconfig ${path}: server "${cluster.server}" is not a URL`);
  }
  if (cluster['proxy-url'] !== undefined) {
    throw new ConfigError(
      'config/invalid',
      `kubeconfig ${path}: proxy-url is not supported; reach the server directly`,
    );
  }
  return cluster.server.replace(/\/+$/, '');
}

function authorityOf(cluster: KubeconfigCluster, file: LoadedFile): { readonly ca?: string } {
  const ca = materialOf(file, cluster['certificate-authority-data'], cluster['certificate-authority']);
  return ca === undefined ? {} : { ca };
}

function identityOf(files: readonly LoadedFile[], name: string): Identity {
  const { item: user, file } = find(files, 'user', name, ({ config }) => {
    const entry = config.users?.find((candidate) => candidate.name === name);
    return entry === undefined ? undefined : (entry.user ?? {});
  });
  refuseUnsupported(user, name, file);
  if (user.tokenFile !== undefined) {
    return { kind: 'token-file', path: inFolderOf(file, user.tokenFile) };
  }
  if (user.token !== undefined) {
    return { kind: 'token', token: user.token };
  }
  const certificate = materialOf(file, user['client-certificate-data'], user['client-certificate']);
  const key = materialOf(file, user['client-key-data'], user['client-key']);
  if (certificate !== undefined && key !== undefined) {
    return { kind: 'certificate', certificate, key };
  }
  if (certificate !== undefined || key !== undefined) {
    throw new ConfigError(
      'config/invalid',
      `kubeconfig ${file.path}: user "${name}" needs both client-certificate and client-key`,
    );
  }
  return user.exec === undefined ? { kind: 'none' } : { kind: 'exec', plugin: pluginOf(user.exec, file) };
}

function refuseUnsupported(user: KubeconfigUser, name: string, file: LoadedFile): void {
  const field = (['auth-provider', 'username', 'as'] as const).find((key) => user[key] !== undefined);
  if (field !== undefined) {
    throw new ConfigError(
      'config/invalid',
      `kubeconfig ${file.path}: user "${name}": ${field} is not supported; use a token, a client certificate or exec`,
    );
  }
}

function pluginOf(exec: NonNullable<KubeconfigUser['exec']>, file: LoadedFile): ExecPlugin {
  return {
    apiVersion: exec.apiVersion,
    command: exec.command.includes('/') ? inFolderOf(file, exec.command) : exec.command,
    args: exec.args ?? [],
    env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
  };
}

function materialOf(file: LoadedFile, data: string | undefined, path: string | undefined): string | undefined {
  if (data !== undefined && data !== '') {
    return Buffer.from(data, 'base64').toString('utf8');
  }
  if (path === undefined || path === '') {
    return undefined;
  }
  try {
    return readFileSync(inFolderOf(file, path), 'utf8');
  } catch (error) {
    throw new ConfigError('config/invalid', `kubeconfig ${file.path}: ${firstLineOf(error)}`);
  }
}

function inFolderOf(file: LoadedFile, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file.path), path);
}
