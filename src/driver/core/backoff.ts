/** Exponential back-off: `first`, then times `factor` each failure, at most `cap`; milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly factor: number;
  readonly cap: number;
}

/** For an application whose sync failed; the same figures as Argo CD's documented retry strategy. */
export const SYNC_BACKOFF: Backoff = { first: 5_000, factor: 2, cap: 180_000 };
/** For an application that keeps drifting; the same figures as Argo CD's self-heal back-off. */
export const HEAL_BACKOFF: Backoff = { first: 2_000, factor: 3, cap: 300_000 };
/** For a source that cannot be reached. */
export const SOURCE_BACKOFF: Backoff = { first: 2_000, factor: 2, cap: 600_000 };
/** For a commit that cannot be taken for a passing cause. */
export const REVISION_BACKOFF: Backoff = { first: 15_000, factor: 2, cap: 600_000 };
/** For an engine that fails without blaming an application. */
export const ENGINE_BACKOFF: Backoff = { first: 1_000, factor: 2, cap: 60_000 };

/**
 * How long to wait after so many failures in a row.
 * @param failures at least 1
 * @param random in [0, 1): spreads the wait over 80 % to 120 %
 */
export function backoffMs({ first, factor, cap }: Backoff, failures: number, random: number): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.round(Math.min(first * factor ** exponent, cap) * (0.8 + 0.4 * random));
}
