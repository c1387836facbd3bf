import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseImage, repositoryOf } from '../app/image.js';
import { startComponent, type Component } from './component.js';
import type { Environment } from './environment.js';
import { findFreePorts } from './free-ports.js';
import { readBehavior } from './images.js';
import type { ImageBehavior } from './pods/pod-status.js';
import { ensureProgram, type Progress } from './toolchain.js';

/** The registry host that the sandbox's registry stands for. */
export const MIRRORED_HOST = 'ghcr.io';

/** Where the registry lives, and who is told of its process. */
export interface RegistryOptions {
  readonly directory: string;
  readonly env: Environment;
  readonly progress: Progress;
  readonly onComponent: (component: Component) => void;
}

/**
 * Starts an OCI registry on a free port of the loopback address.
 * @returns its endpoint, such as `http://127.0.0.1:5000`
 */
export async function startRegistry({ directory, env, progress, onComponent }: RegistryOptions): Promise<string> {
  const program = await ensureProgram('crane', progress);
  await mkdir(join(directory, 'registry'), { recursive: true });
  await mkdir(join(directory, 'logs'), { recursive: true });
  const [port = 0] = await findFreePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  progress('starting the registry');
  await startComponent(
    {
      name: 'registry',
      program,
      args: ['registry', 'serve', '--address', `127.0.0.1:${port}`, '--disk', join(directory, 'registry')],
      cwd: directory,
      env,
      logFile: join(directory, 'logs', 'registry.log'),
    },
    async () => (await fetch(`${endpoint}/v2/`)).ok,
    { address: endpoint, onStart: onComponent },
  );
  return endpoint;
}

/** What an image of a pod does: images of the mirrored host are looked up in the registry, all others just run. */
export function behaviorIn(endpoint: string | undefined): (image: string) => Promise<ImageBehavior> {
  return async (image) => {
    const { name, tag = 'latest', digest } = parseImage(image);
    const { host, repository } = repositoryOf(name);
    return endpoint === undefined || host !== MIRRORED_HOST ? 'run' : readBehavior(endpoint, repository, digest ?? tag);
  };
}
