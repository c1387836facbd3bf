/** Which parts of a repository are whose. The parent and the child of a commit must agree on it. */

/**
 * The application that a path belongs to, relative to the repository: `apps/blog` and what is below it. What has a dot in its name directly below
 * `apps/` is no application: all may share it.
 */
export function appOfPath(path: string): string | undefined {
  return /^apps\/([^/.]+)(?:\/|$)/.exec(path)?.[1];
}

/** Whether an entry at the top of a repository is one that no application is made of. */
export function isForeign(entry: string): boolean {
  return /^(docs|test|[^/]*\.md)$/.test(entry);
}
