import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diskErrorOf } from '../../base/disk-error.js';
import { messageOf, StalledError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { createGitCache } from './cache.js';
import type { GitCache } from './cache.js';
import { gitEnvironment, secretsOf } from './environment.js';
import type { GitCredentials } from './environment.js';
import type { Checkout, CommitInfo, GitSource } from './port.js';
import { parseBranch, parseCommit, parseRemote } from './remote.js';
import { type CommitVerification, prepareVerification } from './verification.js';
import { createGitRunner, GitCommandFailure } from './run-git.js';
import type { GitCommand, GitSurroundings, RunGit } from './run-git.js';

/** Settings of {@link createGitSource}. */
export interface GitSourceOptions {
  /** `https://`, `ssh://`, `git@host:path`, `file://` or an absolute path; without a password in it. */
  readonly url: string;
  readonly branch: string;
  /** A folder of our own for the cache and the checkouts; made when missing. */
  readonly directory: string;
  readonly credentials?: GitCredentials;
  /** The token or password, asked for before each command, so that a renewed one is used. @default - that of the credentials */
  readonly readPassword?: () => Promise<string>;
  /** How long one git command may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  /** Allow `http://` to other machines. @default false */
  readonly allowPlainHttp?: boolean;
  /** Whose signature a commit needs. @default - nobody's */
  readonly verify?: CommitVerification;
  /** The daemon's environment, of which git gets the search path, the proxies and the certificate stores. @default - a standard search path */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const KEPT_CHECKOUTS = 3;

/** A Git remote followed by the `git` program, without trusting what the remote or the repository holds. */
export function createGitSource(options: GitSourceOptions): GitSource {
  let prepared: Promise<PreparedSource> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const ready = (): Promise<PreparedSource> => {
    prepared ??= prepare(options).catch((error: unknown) => {
      prepared = undefined;
      throw diskErrorOf(error, 'keep files of Git') ?? error;
    });
    return prepared;
  };
  const afterOthers = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  /** Thousands of files may go, for which nobody needs to wait. */
  const tidyLater = (): void =>
    void afterOthers(async () => (await ready()).cache.tidy(KEPT_CHECKOUTS)).catch((error: unknown) =>
      options.logger.warn('old checkouts cannot be removed', { reason: messageOf(error) }),
    );
  return {
    head: async (signal) => told(readHead(await ready(), signal)),
    checkout: (commit, signal) => {
      const checkout = afterOthers(async () =>
        told(checkOut(await ready(), parseCommit(commit), signal, options.logger)),
      );
      void checkout.then(tidyLater, () => undefined);
      return checkout;
    },
  };
}

interface PreparedSource {
  readonly url: string;
  readonly branch: string;
  readonly run: RunGit;
  readonly cache: GitCache;
}

async function prepare(options: GitSourceOptions): Promise<PreparedSource> {
  const { url, protocol } = parseRemote(options.url, options);
  const branch = parseBranch(options.branch);
  const directory = resolve(options.directory);
  const home = join(directory, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const verification = options.verify && (await prepareVerification(options.verify, home));
  const surroundings = async (): Promise<GitSurroundings> => {
    const credentials = await credentialsOf(options);
    const environment = gitEnvironment({
      home,
      protocol,
      credentials,
      ...(options.environment === undefined ? {} : { inherited: options.environment }),
      ...(verification === undefined ? {} : { verification }),
    });
    return { environment, secrets: secretsOf(credentials) };
  };
  const run = await createGitRunner({ directory: home, surroundings, timeoutMs: options.timeoutMs });
  return { url, branch, run, cache: createGitCache({ directory, url, branch, run, verify: options.verify }) };
}

async function credentialsOf({ credentials = {}, readPassword }: GitSourceOptions): Promise<GitCredentials> {
  return readPassword === undefined ? credentials : { ...credentials, password: await readPassword() };
}

async function readHead({ run, url, branch }: PreparedSource, signal?: AbortSignal): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const command: GitCommand = { args: ['ls-remote', url, ref], doing: `read the branch ${branch} of ${url}`, signal };
  const line = (await run(command)).split('\n').find((candidate) => candidate.endsWith(`\t${ref}`));
  if (line === undefined) {
    throw new StalledError('git/unknown-revision', `the branch ${branch} does not exist in ${url}`);
  }
  return parseCommit(line.slice(0, line.indexOf('\t')));
}

async function checkOut(
  source: PreparedSource,
  commit: string,
  signal: AbortSignal | undefined,
  logger: Logger,
): Promise<Checkout> {
  try {
    return await checkOutOnce(source, commit, signal);
  } catch (error) {
    const mayBeTheCache = error instanceof GitCommandFailure && (error.kind === 'damaged' || error.kind === 'unknown');
    if (!mayBeTheCache) {
      throw error;
    }
    logger.warn('the git cache is made anew', { commit, reason: error.message });
    await source.cache.reset();
    return checkOutOnce(source, commit, signal);
  }
}

async function checkOutOnce({ cache }: PreparedSource, commit: string, signal?: AbortSignal): Promise<Checkout> {
  const info = (await cache.findCommit(commit, signal)) ?? (await fetchInfo(cache, commit, signal));
  await cache.verify(info.commit, signal);
  return cache.exportTree(info, signal);
}

async function fetchInfo(cache: GitCache, commit: string, signal?: AbortSignal): Promise<CommitInfo> {
  await cache.fetchCommit(commit, signal);
  const info = await cache.findCommit(commit, signal);
  if (info === undefined) {
    throw new StalledError('git/unknown-revision', `commit ${commit} was fetched but is not a commit`);
  }
  return info;
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof GitCommandFailure ? error.error : (diskErrorOf(error, 'keep files of Git') ?? error);
  }
}
