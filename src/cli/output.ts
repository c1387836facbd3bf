import { styleText } from 'node:util';
import { oneLine, visible } from '../base/visible-text.js';
import { gradeOf } from '../server/status-lines.js';

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

/**
 * Rows under titles, in columns as wide as their widest cell; the last one is not padded. No row gives the titles alone.
 * A cell is one line, and nothing in it is an order to a terminal: its text may come from a commit, a registry or the cluster.
 */
export function formatTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  target: PaintTarget = process.stdout,
): string {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(value(row))));
  const widths = columns.map(({ title }, index) =>
    cells.reduce((width, texts) => Math.max(width, texts[index]?.length ?? 0), title.length),
  );
  const pad = (text: string, index: number): string =>
    index === columns.length - 1 ? text : text.padEnd(widths[index] ?? 0);
  const header = columns.map(({ title }, index) => paint(target, 'bold', pad(title, index)));
  const body = rows.map((row, number) =>
    columns.map(({ style }, index) => {
      const text = pad(cells[number]?.[index] ?? '', index);
      const chosen = style?.(row);
      return chosen === undefined ? text : paint(target, chosen, text);
    }),
  );
  return [header, ...body].map((texts) => texts.join('  ')).join('\n');
}

/** A value as JSON for other programs: two spaces, and never colours. What a terminal could take as orders is escaped. */
export function formatJson(value: unknown): string {
  return visible(JSON.stringify(value, null, 2));
}

/** Writes a line of result to standard output. Of what a terminal takes as orders only our own styles pass. */
export function print(text: string): void {
  process.stdout.write(`${plainButStyled(text)}\n`);
}

/** Writes a document to standard output; where that is no terminal, exactly as it is. */
export function printDocument(text: string): void {
  process.stdout.write(`${process.stdout.isTTY ? visible(text) : text}\n`);
}

/** Writes a line about the work itself to standard error, so that standard output stays a result. */
export function note(text: string): void {
  process.stderr.write(`${plainButStyled(text)}\n`);
}

/** What {@link paint} writes around a text. */
const STYLES = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/;

/** Escapes orders to a terminal but for our own styles. */
export function plainButStyled(text: string): string {
  return text
    .split(STYLES)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('');
}

const STYLES_OF_GRADES = { good: 'green', waiting: 'yellow', bad: 'red', none: 'dim' } as const;

/** What an application's or object's state looks like: green is good, yellow is on its way, red needs someone. */
export function styleOfState(state: string): Style {
  return STYLES_OF_GRADES[gradeOf(state)];
}
