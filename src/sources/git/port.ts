/** Facts of one commit, for people. */
export interface CommitInfo {
  readonly commit: string;
  /** The first line of the message. */
  readonly subject: string;
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
}

/** A commit's files on disk. Read-only by agreement; removed by the source when it is no longer needed. */
export interface Checkout {
  readonly directory: string;
  readonly info: CommitInfo;
  /** Git's object ids by path, of each entry at the top and each directly below `apps/`: what has the same id is the same. */
  readonly objectIds: Readonly<Record<string, string>>;
}

/** The Git remote that says what the cluster should be. */
export interface GitSource {
  /**
   * The commit that the branch points to now: one `ls-remote`, nothing is fetched.
   * @throws TransientError `git/unreachable`; StalledError `git/denied`, `git/unknown-revision` (no such branch), `git/refused` (URL or branch not allowed)
   */
  head(signal?: AbortSignal): Promise<string>;
  /**
   * The files of a commit, fetched if they are not there. Works after a force-push. The last few checkouts are kept.
   * @throws as {@link GitSource.head}
   */
  checkout(commit: string, signal?: AbortSignal): Promise<Checkout>;
}
