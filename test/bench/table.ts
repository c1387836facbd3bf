import type { Measure, Ratio } from './statistics.js';

/** The numbers of one size. */
export interface SizeResult {
  readonly apps: number;
  readonly measures: readonly Measure[];
  readonly ratios: readonly Ratio[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** The numbers of one size as a table for a terminal. */
export function tableOf({ apps, measures, ratios, notes }: SizeResult): string {
  const rows = [
    [`${apps} applications of 5 objects`, 'unit', 'min', 'median', 'max'],
    ...measures.map(({ name, unit, min, median, max }) => [name, unit, ...[min, median, max].map(rounded)]),
    ...ratios.map(({ name, min, median, max }) => [name, 'x', ...[min, median, max].map((x) => x.toPrecision(2))]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return [...lines, ...notes.map((note) => `note: ${note}`)].join('\n');
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
