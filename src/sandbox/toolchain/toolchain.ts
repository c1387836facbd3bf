import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { formatDuration } from '../../base/duration.js';
import { messageOf, StalledError } from '../../base/errors.js';
import type { Environment } from '../environment.js';
import { waitForLock } from '../process-lock.js';
import type { Downloader } from './download.js';
import type { Pin } from './pins.js';
import { overrideVariable, PROGRAMS, type Program, type ProgramName } from './programs.js';
import { releaseOf, type Platform, type Release } from './release.js';

/** Takes one line about what is being done. */
export type Progress = (line: string) => void;

/** Everything the toolchain touches, passed in. */
export interface ToolchainOptions {
  readonly env: Environment;
  /** The folder under which programs are kept, one folder for each set of pins. */
  readonly cache: string;
  readonly platform: Platform;
  readonly downloader: Downloader;
  readonly readPin: (program: Program, platform: string) => Promise<Pin>;
  readonly isExecutable: (path: string) => Promise<boolean>;
  readonly findOnPath: (program: Program, version: string, env: Environment) => Promise<string | undefined>;
  readonly installRelease: (
    downloader: Downloader,
    program: Program,
    pin: Pin,
    release: Release,
    target: string,
  ) => Promise<void>;
  readonly buildProgram: (program: Program, pin: Pin, target: string, env: Environment) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds between two lines about one build; 15 s by default. */
  readonly tickMs?: number;
}

/** A program that is not there yet. */
interface Missing {
  readonly program: Program;
  readonly pin: Pin;
  readonly target: string;
}

type Located = { readonly path: string } | Missing;

/** Finds, downloads and builds programs. */
export class Toolchain {
  readonly #options: ToolchainOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ToolchainOptions) {
    this.#options = options;
  }

  /**
   * The paths of programs, which are made available one after the other.
   * @throws StalledError `sandbox/toolchain` when one cannot be had
   */
  async ensure<Name extends ProgramName>(names: readonly Name[], progress: Progress): Promise<Record<Name, string>> {
    const located = await Promise.all(names.map((name) => this.#locate(PROGRAMS[name])));
    const missing = located.filter((item) => 'target' in item);
    const paths: [Name, string][] = [];
    for (const [index, item] of located.entries()) {
      const path = 'path' in item ? item.path : item.target;
      if ('target' in item) {
        const position = missing.length > 1 ? ` (${missing.indexOf(item) + 1} of ${missing.length})` : '';
        await this.#inTurn(() => this.#provide(item, position, progress));
      }
      paths.push([names[index] as Name, path]);
    }
    return Object.fromEntries(paths) as Record<Name, string>;
  }

  async #locate(program: Program): Promise<Located> {
    const { env, platform } = this.#options;
    const variable = overrideVariable(program.name);
    const override = env[variable];
    if (override) {
      if (!(await this.#options.isExecutable(override))) {
        throw new StalledError(
          'sandbox/toolchain',
          `${variable} names ${override}, which is no program that can be run`,
        );
      }
      return { path: override };
    }
    const pin = await this.#options.readPin(program, `${platform.os}/${platform.arch}`);
    const target = join(this.#options.cache, pin.key, 'bin', program.name);
    if (await this.#options.isExecutable(target)) {
      return { path: target };
    }
    const installed = await this.#options.findOnPath(program, pin.version, env);
    return installed === undefined ? { program, pin, target } : { path: installed };
  }

  /** One at a time in this process: builds use every core there is. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #provide(missing: Missing, position: string, progress: Progress): Promise<void> {
    const { program, target } = missing;
    await mkdir(dirname(target), { recursive: true });
    const lock = await waitForLock(join(dirname(target), `.${program.name}.lock`), (owner) =>
      progress(`waiting for process ${owner.pid}, which gets ${program.name}`),
    );
    try {
      if (await this.#options.isExecutable(target)) {
        return;
      }
      await removeLeftovers(target);
      if (!(await this.#download(missing, position, progress))) {
        await this.#build(missing, position, progress);
      }
    } finally {
      await lock.release();
    }
  }

  async #download({ program, pin, target }: Missing, position: string, progress: Progress): Promise<boolean> {
    const { downloader, platform } = this.#options;
    const release = releaseOf(program.name, pin.version, platform);
    if (release === undefined || !downloader.canTry(release)) {
      return false;
    }
    progress(`downloading ${program.name} ${pin.version}${position}`);
    try {
      await this.#options.installRelease(downloader, program, pin, release, target);
      return true;
    } catch (thrown) {
      progress(`no download of ${program.name}: ${messageOf(thrown)}`);
      return false;
    }
  }

  async #build({ program, pin, target }: Missing, position: string, progress: Progress): Promise<void> {
    const { now, tickMs = 15_000, env } = this.#options;
    const usual = `usually ${formatDuration(program.usualSeconds * 1000)} on two cores`;
    const started = now();
    const soFar = (): string => formatDuration(now() - started);
    progress(`building ${program.name} ${pin.version}${position}, ${usual}`);
    const ticker = setInterval(
      () => progress(`building ${program.name}${position}: ${soFar()} so far, ${usual}`),
      tickMs,
    );
    const draft = join(dirname(target), `.${program.name}.${process.pid}.tmp`);
    try {
      await this.#options.buildProgram(program, pin, draft, env);
      await rename(draft, target);
    } finally {
      clearInterval(ticker);
      await rm(draft, { force: true });
    }
    progress(`built ${program.name} ${pin.version}${position} in ${soFar()}`);
  }
}

/** Removes what a killed build or download of this program left; we hold its lock, so nobody is at work. */
async function removeLeftovers(target: string): Promise<void> {
  const mark = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(mark) && /\.tmp(\.log)?$/.test(name)) {
      await rm(join(dirname(target), name), { recursive: true, force: true });
    }
  }
}
