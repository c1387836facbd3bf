import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ProdeskError, StalledError, TransientError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { keepNewest } from './keep-newest.js';

const INSTALL_TIMEOUT_MS = 300_000;
/** More than there are checkouts that may use one. */
const KEPT_INSTALLATIONS = 5;
const KEPT_VARIABLES =
  /^(PATH|HOME|TMPDIR|https?_proxy|no_proxy|npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

/** Where dependencies come from. */
export interface DependencyOptions {
  /** The folder of the running program: it holds `package-lock.json` and `node_modules`. */
  readonly programDirectory: string;
  /** Where other installations are kept, each in a folder named by its lock file's hash. */
  readonly cacheDirectory: string;
  readonly logger: Logger;
}

/** Gives checkouts the `node_modules` that their lock file asks for. */
export class Dependencies {
  readonly #options: DependencyOptions;
  readonly #installing = new Map<string, Promise<string>>();

  constructor(options: DependencyOptions) {
    this.#options = options;
  }

  /**
   * Links `node_modules` into a checkout that has none: the running program's where the lock files are the same, else a fresh installation.
   * @throws StalledError or TransientError `synth/install`
   */
  async provide(directory: string): Promise<void> {
    const path = join(directory, 'node_modules');
    if (await isThere(path)) {
      return;
    }
    const target = await this.#modulesFor(directory);
    await symlink(target, path, 'dir').catch(unlessCode('EEXIST'));
  }

  async #modulesFor(directory: string): Promise<string> {
    const { programDirectory, cacheDirectory } = this.#options;
    const [wanted, own] = await Promise.all([readLock(directory), readLock(programDirectory)]);
    if (wanted === undefined || (own !== undefined && wanted.equals(own))) {
      return join(programDirectory, 'node_modules');
    }
    const key = createHash('sha256').update(wanted).digest('hex').slice(0, 32);
    const home = join(cacheDirectory, 'dependencies', key);
    const running = this.#installing.get(key) ?? this.#install(directory, home);
    this.#installing.set(key, running);
    try {
      return await running;
    } finally {
      this.#installing.delete(key);
    }
  }

  async #install(directory: string, home: string): Promise<string> {
    const modules = join(home, 'node_modules');
    if (await isThere(modules)) {
      await touch(home);
      return modules;
    }
    this.#options.logger.info('installing the dependencies of a revision', { directory: home });
    await mkdir(join(home, '..'), { recursive: true });
    const workshop = await mkdtemp(`${home}.`);
    try {
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
        await copyFile(join(directory, file), join(workshop, file)).catch(unlessCode('ENOENT'));
      }
      await runNpm(workshop);
      await rename(workshop, home).catch(unlessCode('ENOTEMPTY', 'EEXIST'));
      /** With them goes what a killed process left half done. */
      await keepNewest(join(home, '..'), KEPT_INSTALLATIONS);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
    return modules;
  }
}

async function runNpm(directory: string): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT_VARIABLES.test(name)));
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: directory,
      env,
      timeout: INSTALL_TIMEOUT_MS,
    });
  } catch (error) {
    throw classifyNpmFailure(error);
  }
}

/** What a failed `npm ci` means: a registry that cannot be reached may be back later; anything else needs another commit. */
export function classifyNpmFailure(error: unknown): ProdeskError {
  const { stderr = '', message = '', killed } = error as { stderr?: string; message?: string; killed?: boolean };
  const reason = (stderr || message).trim().split('\n').slice(0, 6).join('\n');
  const text = `npm ci failed for the commit's package-lock.json: ${reason}`;
  const mayPass = killed === true || /\b(EAI_AGAIN|ENOTFOUND|ECONN\w+|ETIMEDOUT|E429|E5\d\d)\b/.test(stderr);
  return mayPass
    ? new TransientError('synth/install', text, { cause: error })
    : new StalledError('synth/install', text, { cause: error });
}

async function readLock(directory: string): Promise<Buffer | undefined> {
  return (await readFile(join(directory, 'package-lock.json')).catch(unlessCode('ENOENT'))) ?? undefined;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessCode('ENOENT'))) !== undefined;
}

function unlessCode(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) {
      return undefined;
    }
    throw error;
  };
}
