import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { providerVersion } from '../../src/deploy/provider-version.js';
import { chooseProvider } from '../../src/engine/choose-provider.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';

/**
 * Makes a folder the `PULUMI_HOME` of a machine that has the official Kubernetes plugin: the release where it can be downloaded, else what its
 * newest published source gives, which stands for that release.
 */
export async function installOfficialPlugin(pulumiHome: string, progress: (line: string) => void): Promise<void> {
  const version = providerVersion();
  const program = await ensureProgram('pulumi', progress);
  const env = { ...process.env };
  if ((await chooseProvider({ wanted: 'auto', version, program, pulumiHome, env })) === 'official') {
    return;
  }
  const folder = join(pulumiHome, 'plugins', `resource-kubernetes-v${version}`);
  await mkdir(folder, { recursive: true });
  const built = await ensureProgram('pulumi-resource-kubernetes', progress);
  await symlink(built, join(folder, 'pulumi-resource-kubernetes'));
}
