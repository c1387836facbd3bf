/** How long to wait between attempts. */
export interface BackoffLimits {
  /** The first wait, in milliseconds. */
  readonly minMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * The wait after a number of failures in a row, in milliseconds: doubling, with up to half of it taken off at random so that watches do not return together.
 * @param failures 1 after the first failure
 * @param random a number from 0 up to 1
 */
export function backoffMs(failures: number, { minMs, maxMs }: BackoffLimits, random: number): number {
  const full = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
  return full * (1 - random / 2);
}
