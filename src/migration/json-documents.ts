import {
  holdsRounded,
  type ReadDocument,
  ROUNDED_PROBLEM,
  type UnreadableDocument,
} from '../constructs/kubernetes-yaml.js';

/**
 * Reads JSON as `kubectl` does: one value after the other, with blanks or nothing between them. One that cannot be read spoils no other.
 */
export function readJsonDocuments(text: string): (ReadDocument | UnreadableDocument)[] {
  return splitValues(text.replace(/^\uFEFF/, '')).map(({ value, line }) => {
    // JSON.parse quotes the text, which may hold secrets.
    const parsed = tryParse(value);
    if (parsed === undefined) {
      return { line, problem: 'not valid JSON' };
    }
    return holdsRounded(parsed.value) ? { line, problem: ROUNDED_PROBLEM } : { ...parsed, line, repeated: [] };
  });
}

interface Part {
  readonly value: string;
  readonly line: number;
}

/** A value at the top ends where its first bracket is closed. */
function splitValues(text: string): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  const end = (at: number): void => {
    const value = text.slice(start, at);
    const first = start + value.search(/\S|$/);
    if (value.trim() !== '') {
      parts.push({ value, line: text.slice(0, first).split('\n').length });
    }
    start = at;
  };
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/gs)) {
    depth += '{['.includes(token) ? 1 : '}]'.includes(token) ? -1 : 0;
    if (depth === 0 && '}]'.includes(token)) {
      end(index + token.length);
    }
  }
  end(text.length);
  return parts;
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
