import { type Document, Scalar, visit } from 'yaml';

/** A whole quoted text, and the rest of one up to its closing quote. */
const PATTERNS = {
  [Scalar.QUOTE_SINGLE]: { whole: /^'(?:''|[^'])*'$/, rest: /(?:''|[^'])*'(?!')/y },
  [Scalar.QUOTE_DOUBLE]: { whole: /^"(?:\\[\s\S]|[^"\\])*"$/, rest: /(?:\\[\s\S]|[^"\\])*"/y },
} as const;

type Quote = keyof typeof PATTERNS;

/**
 * Indents the later lines of quoted texts whose end was not found. Writers in Go indent them less than YAML wants, and their readers do
 * not mind; blanks before such a line are not part of the text. Lines stay lines, so that places in messages stay right.
 */
export function indentQuotedLines(text: string, documents: readonly Document[]): string {
  let repaired = '';
  let position = 0;
  for (const { end, quote } of documents.flatMap((document) => unclosedTexts(text, document))) {
    const rest = end < position ? undefined : restOf(text, end, quote);
    if (rest !== undefined) {
      const indent = indentAt(text, end) + 2;
      repaired += text.slice(position, end) + rest.replaceAll(/\n(?=[^\r\n])/g, `\n${' '.repeat(indent)}`);
      position = end + rest.length;
    }
  }
  return repaired + text.slice(position);
}

function unclosedTexts(text: string, document: Document): { readonly end: number; readonly quote: Quote }[] {
  const found: { end: number; quote: Quote }[] = [];
  if (document.errors.length > 0) {
    visit(document, {
      Scalar(_, { type, range }) {
        if ((type === Scalar.QUOTE_SINGLE || type === Scalar.QUOTE_DOUBLE) && range) {
          const [start, end] = range;
          if (!PATTERNS[type].whole.test(text.slice(start, end))) {
            found.push({ end, quote: type });
          }
        }
      },
    });
  }
  return found;
}

/** Undefined where the quote is not closed in the same document. */
function restOf(text: string, end: number, quote: Quote): string | undefined {
  const { rest: pattern } = PATTERNS[quote];
  pattern.lastIndex = end;
  const [rest] = pattern.exec(text) ?? [];
  return rest === undefined || /^(---|\.\.\.)(\s|$)/m.test(rest) ? undefined : rest;
}

/** How far the line is indented that ends at an offset. */
function indentAt(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return line.search(/[^ ]|$/);
}
