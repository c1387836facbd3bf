import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../base/errors.js';

/** Builds a kustomization: its folder to the YAML of its objects. */
export type Kustomize = (folder: string, options?: { readonly helm?: boolean }) => Promise<string>;

/** Where Kustomize may come from. */
export interface KustomizeOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gets the program where neither `kustomize` nor `kubectl` is installed. */
  readonly getProgram: () => Promise<string>;
}

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
/** Enough to fetch remote bases; Kustomize needs nothing else of ours. */
const KEPT_VARIABLES = /^(PATH|HOME|TMPDIR|https?_proxy|no_proxy|SSL_CERT_(FILE|DIR)|SSH_AUTH_SOCK)$/i;

/** Kustomize as it is installed, as a part of kubectl, or else as {@link KustomizeOptions.getProgram} gets it. */
export function createKustomize({ environment, getProgram }: KustomizeOptions): Kustomize {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => KEPT_VARIABLES.test(name)));
  return async (folder, { helm = false } = {}) => {
    const [program, ...args] = await findCommand(environment['PATH'] ?? '', getProgram);
    try {
      const { stdout } = await promisify(execFile)(program, [...args, folder, ...(helm ? ['--enable-helm'] : [])], {
        env,
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_OUTPUT_BYTES,
      });
      return stdout;
    } catch (error) {
      throw new ConfigError('config/invalid', `Kustomize cannot build ${folder}: ${reasonOf(error)}`, { cause: error });
    }
  };
}

async function findCommand(path: string, getProgram: () => Promise<string>): Promise<[string, ...string[]]> {
  const kustomize = await findOnPath('kustomize', path);
  if (kustomize !== undefined) {
    return [kustomize, 'build'];
  }
  const kubectl = await findOnPath('kubectl', path);
  return kubectl === undefined ? [await getProgram(), 'build'] : [kubectl, 'kustomize'];
}

async function findOnPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) {
      return file;
    }
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
  const lines = (stderr || message).trim().split('\n');
  return lines
    .filter((line) => !line.startsWith('# Warning'))
    .slice(0, 4)
    .join('\n')
    .slice(0, 600);
}
