import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
  /** Where the engine keeps its plugins. */
  readonly pulumiHome: string;
  /** `PULUMI_HOME` or `HOME` tell where a person keeps plugins. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which Kubernetes plugin an engine uses. A plugin that a person has installed is made known to the engine, so that it works without the internet. */
export async function chooseProvider(choice: ProviderChoice): Promise<'official' | 'embedded'> {
  if (choice.wanted === 'embedded') {
    return 'embedded';
  }
  const isThere = await provideInstalled(choice);
  return choice.wanted === 'official' || isThere || (await install(choice)) ? 'official' : 'embedded';
}

/** Whether the engine has the plugin, be it a link to a person's. */
async function provideInstalled({ version, pulumiHome, env }: ProviderChoice): Promise<boolean> {
  const plugin = `resource-kubernetes-v${version}`;
  const plugins = join(pulumiHome, 'plugins');
  if (existsSync(join(plugins, plugin))) {
    return true;
  }
  const theirs = personalHome(env);
  if (theirs === undefined || !isComplete(theirs, plugin)) {
    return false;
  }
  await linkFiles(join(theirs, 'plugins', plugin), join(plugins, plugin));
  return true;
}

/** Beside a plugin that is still being downloaded is a `.partial` file. */
function isComplete(home: string, plugin: string): boolean {
  return existsSync(join(home, 'plugins', plugin)) && !existsSync(join(home, 'plugins', `${plugin}.partial`));
}

function personalHome(env: ProviderChoice['env']): string | undefined {
  const home = env['PULUMI_HOME'];
  const user = env['HOME'];
  return home ? resolve(home) : user ? join(user, '.pulumi') : undefined;
}

/** Links each file: Pulumi takes no link for a plugin's folder. A folder appears whole. */
async function linkFiles(from: string, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true });
  const draft = await mkdtemp(`${to}.link-`);
  try {
    for (const name of await readdir(from)) {
      await symlink(join(from, name), join(draft, name));
    }
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
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
