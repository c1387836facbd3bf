/** The applications that a commit removed, judged: which may be pruned, which wait for a person. */
export interface PruneJudgement {
  readonly held: boolean;
  readonly reason?: string;
}

/**
 * Whether a commit may remove so many applications by itself. One application may always go;
 * removing all of them, or more than `limit` of them, is more often a mistake than a wish.
 * @param known applications before the commit
 * @param removed of these, the ones whose folders are gone
 * @param limit a share from 0 to 1
 */
export function judgeRemoval(known: number, removed: number, limit: number): PruneJudgement {
  if (removed === 0 || (removed === 1 && known > 1)) {
    return { held: false };
  }
  if (removed === known) {
    return { held: true, reason: `the commit removes every application (${known})` };
  }
  return removed / known > limit
    ? { held: true, reason: `the commit removes ${removed} of ${known} applications` }
    : { held: false };
}
