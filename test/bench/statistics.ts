/** Smallest, middle and largest of several measurements. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One thing that was measured. */
export interface Measure extends Spread {
  readonly name: string;
  readonly unit: 'ms' | 'MiB' | 'runs';
}

/** How many times the first measure is of the second; the extremes are the least and most favourable pairs. */
export interface Ratio extends Spread {
  readonly name: string;
}

/** The measure of some values. */
export function measureOf(name: string, unit: Measure['unit'], values: readonly number[]): Measure {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) {
    throw new RangeError(`nothing was measured for "${name}"`);
  }
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? min) + (sorted[Math.ceil(middle)] ?? max)) / 2;
  return { name, unit, min, median, max };
}

/** Compares two measures of the same unit. */
export function ratioOf(one: Measure, other: Measure): Ratio {
  return {
    name: `${one.name} / ${other.name}`,
    min: one.min / other.max,
    median: one.median / other.median,
    max: one.max / other.min,
  };
}
