import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 120_000;

/** What the choice of the Kubernetes plugin depends on. */
export interface ProviderChoice {
  /** `auto` takes the official plugin where it is installed or can be downloaded, else the embedded one. */
  readonly wanted: 'official' | 'embedded' | 'auto';
  /** The version of the official plugin, such as `4.34.2`. */
  readonly version: string;
  /** The path or name of the `pulumi` program. */
  readonly program: string;
  /** Where Pulumi keeps plugins. */
  readonly pulumiHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which Kubernetes plugin an engine uses. */
export async function chooseProvider(choice: ProviderChoice): Promise<'official' | 'embedded'> {
  if (choice.wanted !== 'auto') {
    return choice.wanted;
  }
  return isInstalled(choice) || (await install(choice)) ? 'official' : 'embedded';
}

function isInstalled({ version, pulumiHome }: ProviderChoice): boolean {
  return existsSync(join(pulumiHome, 'plugins', `resource-kubernetes-v${version}`));
}

/** Whether the plugin could be downloaded. Why not is of no interest: then there is the embedded one. */
async function install({ version, program, pulumiHome, env }: ProviderChoice): Promise<boolean> {
  const environment = { ...env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  return run(program, ['plugin', 'install', 'resource', 'kubernetes', version, '--non-interactive'], {
    env: environment,
    timeout: INSTALL_TIMEOUT_MS,
  }).then(
    () => true,
    () => false,
  );
}
