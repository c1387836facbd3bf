import type { AskHelper } from './credential-helper.js';
import type { DockerLogins, RegistryCredentials } from './docker-config.js';

/** The login of a host by a Docker configuration: the host's own helper, then the common one, then what the file itself holds. */
export async function findLogin(
  { logins, helpers, store }: DockerLogins,
  host: string,
  askHelper: AskHelper | undefined,
): Promise<RegistryCredentials | undefined> {
  const helper = helpers.get(host) ?? store;
  const helped = helper === undefined || askHelper === undefined ? undefined : await askHelper(helper, host);
  return helped ?? logins.get(host);
}
