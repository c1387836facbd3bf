import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ConfigError } from '../base/errors.js';
import type { ClusterAccess } from './access.js';
import { loadKubeconfig } from './kubeconfig.js';

/** Where Kubernetes puts a pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where to look for a cluster. */
export interface FindAccessOptions {
  /** The process environment: `KUBECONFIG`, `HOME` and the `KUBERNETES_SERVICE_*` variables are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig file to use instead of anything found. */
  readonly kubeconfig?: string;
  /** @default - the file's current-context */
  readonly context?: string;
  /** The folder of the service account. @default - where Kubernetes mounts it */
  readonly serviceAccountDirectory?: string;
}

/**
 * Finds how to reach the cluster: the named kubeconfig, else `KUBECONFIG`, else the pod's service account, else `~/.kube/config`.
 * @throws ConfigError `config/missing` when there is none, `config/invalid` when it cannot be used
 */
export function findClusterAccess(options: FindAccessOptions): ClusterAccess {
  const { env, kubeconfig, context, serviceAccountDirectory = SERVICE_ACCOUNT } = options;
  if (kubeconfig !== undefined) {
    return loadKubeconfig([kubeconfig], context);
  }
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '' && existsSync(path));
  if (named.length > 0) {
    return loadKubeconfig(named, context);
  }
  const inCluster = findServiceAccount(env, serviceAccountDirectory);
  if (inCluster !== undefined) {
    return inCluster;
  }
  const home = join(env['HOME'] ?? '/', '.kube', 'config');
  if (!existsSync(home)) {
    throw new ConfigError(
      'config/missing',
      `no cluster: set KUBECONFIG, write ${home}, or run in a pod with a service account`,
    );
  }
  return loadKubeconfig([home], context);
}

function findServiceAccount(env: FindAccessOptions['env'], directory: string): ClusterAccess | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const token = join(directory, 'token');
  if (host === undefined || !existsSync(token)) {
    return undefined;
  }
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: readFileSync(join(directory, 'ca.crt'), 'utf8'),
    insecure: false,
    identity: { kind: 'token-file', path: token },
    origin: `the service account of ${directory}`,
  };
}
