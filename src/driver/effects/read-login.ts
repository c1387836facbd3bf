import { StalledError, TransientError } from '../../base/errors.js';
import type { SecretReader } from '../../cluster/port.js';
import type { Workspace } from '../../engine/port.js';
import type { GivenLogin } from '../../sources/registry/port.js';
import type { LoginReference } from '../core/effects.js';

/** Where logins and keys that applications name are read from. */
export interface LoginSources {
  readonly workspace: Pick<Workspace, 'secrets' | 'settings'>;
  readonly secrets: SecretReader;
  /** Namespaces whose pull secrets applications of other namespaces may use, too. */
  readonly sharedNamespaces: readonly string[];
}

const DOCKER_CONFIG = '.dockerconfigjson';

/**
 * Reads a login. One that is not there may come with the application's first sync.
 * @throws StalledError `registry/denied` when it may not be used or is of the wrong kind; TransientError `registry/denied` when it is not there
 */
export async function readLogin(
  sources: LoginSources,
  login: LoginReference,
  signal: AbortSignal,
): Promise<GivenLogin> {
  return login.kind === 'config' ? readConfig(sources, login.key) : readPullSecret(sources, login, signal);
}

async function readConfig({ workspace }: LoginSources, key: string): Promise<GivenLogin> {
  const text = (await workspace.secrets())[key];
  if (text === undefined) {
    throw new StalledError('registry/denied', `no login: set it with: pulumi config set --secret prodesk:${key}`);
  }
  return { id: `prodesk:${key}`, text };
}

async function readPullSecret(
  { secrets, sharedNamespaces }: LoginSources,
  { namespace, name, isForeign }: Extract<LoginReference, { kind: 'secret' }>,
  signal: AbortSignal,
): Promise<GivenLogin> {
  const id = `Secret ${namespace}/${name}`;
  if (isForeign && !sharedNamespaces.includes(namespace)) {
    throw new StalledError(
      'registry/denied',
      `${id} is not in the application's namespace; to allow it, start the daemon with --pull-secret-namespaces ${namespace}`,
    );
  }
  const values = await secrets.readSecret(namespace, name, signal);
  if (values === undefined) {
    throw new TransientError('registry/denied', `no login: there is no ${id}`);
  }
  const text = values[DOCKER_CONFIG];
  if (text === undefined) {
    throw new StalledError('registry/denied', `${id} is not a pull secret: it has no key ${DOCKER_CONFIG}`);
  }
  return { id, text };
}
