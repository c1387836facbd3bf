import { styleText } from 'node:util';

/** The styles that the command uses. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'magenta';

/** A stream, as far as colours are concerned. `hasColors` is there on terminals only; it respects NO_COLOR and FORCE_COLOR. */
export interface PaintTarget {
  hasColors?(): boolean;
}

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** The text of a cell, without colours. */
  readonly value: (row: Row) => string;
  /** The colour of a cell. @default - none */
  readonly style?: (row: Row) => Style | undefined;
}

/** The text in a style where the target is a terminal, else as it is. */
export function paint(target: PaintTarget, style: Style, text: string): string {
  return target.hasColors?.() === true ? styleText(style, text, { validateStream: false }) : text;
}

/** Rows under titles, in columns as wide as their widest cell; the last one is not padded. No row gives the titles alone. */
export function formatTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  target: PaintTarget = process.stdout,
): string {
  const widths = columns.map(({ title, value }) => Math.max(title.length, ...rows.map((row) => value(row).length)));
  const pad = (text: string, index: number): string =>
    index === columns.length - 1 ? text : text.padEnd(widths[index] ?? 0);
  const header = columns.map(({ title }, index) => paint(target, 'bold', pad(title, index)));
  const body = rows.map((row) =>
    columns.map(({ value, style }, index) => {
      const text = pad(value(row), index);
      const chosen = style?.(row);
      return chosen === undefined ? text : paint(target, chosen, text);
    }),
  );
  return [header, ...body].map((cells) => cells.join('  ')).join('\n');
}

/** A value as JSON for other programs: two spaces, and never colours. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Writes a line of result to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line about the work itself to standard error, so that standard output stays a result. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What an application's or object's state looks like: green is good, yellow is on its way, red needs someone. */
export function styleOfState(state: string): Style {
  switch (state.toLowerCase()) {
    case 'synced':
    case 'healthy':
      return 'green';
    case 'outofsync':
    case 'progressing':
    case 'suspended':
    case 'drifted':
      return 'yellow';
    case 'degraded':
    case 'missing':
    case 'failed':
      return 'red';
    default:
      return 'dim';
  }
}
