import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout, CommitInfo } from './port.js';
import type { RunGit } from './run-git.js';
import { type CommitVerification, verifyCommit } from './verification.js';

/** Where a cache fetches from, and how. */
export interface GitCacheOptions {
  /** The folder that holds `cache.git` and `checkouts`. */
  readonly directory: string;
  readonly url: string;
  readonly branch: string;
  readonly run: RunGit;
  /** @default - commits need no signature */
  readonly verify?: CommitVerification | undefined;
}

/** A bare shallow repository and the exported trees of a few commits. Calls must not overlap. */
export interface GitCache {
  /** The commit's facts, or undefined when the cache does not have it. */
  findCommit(commit: string, signal?: AbortSignal): Promise<CommitInfo | undefined>;
  /** Fetches one commit without its history. */
  fetchCommit(commit: string, signal?: AbortSignal): Promise<void>;
  /**
   * Checks the signature of a commit that was fetched, where one is needed.
   * @throws StalledError `git/unverified`
   */
  verify(commit: string, signal?: AbortSignal): Promise<void>;
  /** The commit's files on disk: complete, or not there at all. */
  exportTree(info: CommitInfo, signal?: AbortSignal): Promise<Checkout>;
  /** Removes all checkouts but the ones used last, and what a killed process left behind. */
  tidy(keep: number, signal?: AbortSignal): Promise<void>;
  /** Removes the repository, to be made anew by the next fetch. */
  reset(): Promise<void>;
}

const REFS = 'refs/checkouts';
const UNFINISHED = '.new-';
const COMMIT_FORMAT = '%(objectname)%0a%(committerdate:unix)%0a%(authorname)%0a%(contents:subject)';

/** The cache below a folder; nothing is touched until it is used. */
export function createGitCache({ directory, url, branch, run, verify }: GitCacheOptions): GitCache {
  const repository = join(directory, 'cache.git');
  const checkouts = join(directory, 'checkouts');
  const at = `--git-dir=${repository}`;
  /** What an earlier process wrote may have been torn by a machine that lost its power, and git would not tell: it is written anew once. */
  const written = new Set<string>();
  /** Object ids of the entries of one folder; the path ends in `/`, or is empty for the top. */
  const listTree = async ({ commit }: CommitInfo, folder: string, signal?: AbortSignal) => {
    const args = [at, 'ls-tree', '-z', commit, ...(folder === '' ? [] : [folder])];
    return parseTree(await run({ args, doing: `list the files of commit ${commit.slice(0, 12)}`, signal }));
  };
  const writeTree = async ({ commit }: CommitInfo, target: string, signal?: AbortSignal) => {
    if (written.has(commit) && (await exists(target))) {
      return;
    }
    const fresh = join(checkouts, `${UNFINISHED}${randomUUID()}`);
    await mkdir(fresh, { recursive: true });
    const args = [at, `--work-tree=${fresh}`, 'read-tree', '--reset', '-u', commit];
    const environment = { GIT_INDEX_FILE: `${fresh}.index` };
    await run({ args, environment, doing: `write the files of commit ${commit.slice(0, 12)} (${branch})`, signal });
    await rm(environment.GIT_INDEX_FILE, { force: true });
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
    written.add(commit);
  };
  const doingFetch = (commit: string): string => `fetch commit ${commit.slice(0, 12)} of ${url}`;

  return {
    async findCommit(commit, signal) {
      if (!(await exists(repository))) {
        return undefined;
      }
      const args = [at, 'for-each-ref', `--format=${COMMIT_FORMAT}`, `${REFS}/${commit}`];
      return parseCommitInfo(await run({ args, doing: `look up commit ${commit.slice(0, 12)}`, signal }));
    },

    async fetchCommit(commit, signal) {
      await mkdir(directory, { recursive: true });
      if (!(await exists(repository))) {
        const fresh = `${repository}${UNFINISHED}${randomUUID()}`;
        await run({ args: ['init', '--bare', '--quiet', fresh], doing: 'create the git cache', signal });
        await rename(fresh, repository);
      }
      const fetch = [at, 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules'];
      const args = [...fetch, '--no-write-fetch-head', '--force', url, `${commit}:${REFS}/${commit}`];
      await run({ args, doing: doingFetch(commit), signal });
    },

    async verify(commit, signal) {
      if (verify !== undefined) {
        await verifyCommit(run, verify, { at, commit, signal });
      }
    },

    async exportTree(info, signal) {
      const target = join(checkouts, info.commit);
      const listing = Promise.all(['', 'apps/'].map((folder) => listTree(info, folder, signal)));
      await Promise.all([listing, writeTree(info, target, signal)]);
      const now = new Date();
      await utimes(target, now, now);
      const [top, apps] = await listing;
      return { directory: target, info, objectIds: { ...top, ...apps } };
    },

    async tidy(keep, signal) {
      const names = await readdir(checkouts);
      const unfinished = names.filter((name) => name.startsWith(UNFINISHED));
      const outdated = (
        await byLastUse(
          checkouts,
          names.filter((name) => !name.startsWith(UNFINISHED)),
        )
      ).slice(keep);
      for (const name of [...unfinished, ...outdated]) {
        written.delete(name);
        await rm(join(checkouts, name), { recursive: true, force: true });
      }
      for (const name of await readdir(directory)) {
        if (name.startsWith(`cache.git${UNFINISHED}`)) {
          await rm(join(directory, name), { recursive: true, force: true });
        }
      }
      for (const commit of outdated) {
        await run({ args: [at, 'update-ref', '-d', `${REFS}/${commit}`], doing: 'forget an old commit', signal });
      }
    },

    reset: () => rm(repository, { recursive: true, force: true }),
  };
}

function parseCommitInfo(output: string): CommitInfo | undefined {
  const [commit, seconds, author, ...subject] = output.replace(/\n$/, '').split('\n');
  if (commit === undefined || seconds === undefined || author === undefined) {
    return undefined;
  }
  return { commit, subject: subject.join(' '), author, committedAt: Number(seconds) * 1000 };
}

/** Lines of `ls-tree -z`: mode, type, object id, a tab, path. */
function parseTree(output: string): Record<string, string> {
  const entries = [...output.matchAll(/[0-7]+ [a-z]+ ([0-9a-f]+)\t([^\0]+)\0/g)];
  return Object.fromEntries(entries.map(([, id = '', path = '']) => [path, id]));
}

async function byLastUse(folder: string, names: readonly string[]): Promise<string[]> {
  const used = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  return used.sort((a, b) => b.at - a.at).map(({ name }) => name);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
