import { RE2JS, RE2JSException } from 're2js';

/** A regular expression over tags whose matching takes time in proportion to the tag's length, whatever the expression is. */
export interface TagPattern {
  /** Whether some part of the tag matches. */
  test(tag: string): boolean;
  /** The first group of the first match, or the whole match of an expression without groups; undefined where nothing matches. */
  extract(tag: string): string | undefined;
}

/** Why a text is no {@link TagPattern}. */
export interface PatternProblem {
  readonly reason: string;
}

const MAX_LENGTH = 1000;
/** Time grows with the compiled size, too: thousands of tags are matched at each poll. */
const MAX_PROGRAM = 1000;

/** Compiles a regular expression in RE2 syntax: as in JavaScript, but without look-around and back-references. */
export function compilePattern(text: string): TagPattern | PatternProblem {
  if (text.length > MAX_LENGTH) {
    return { reason: `it is longer than ${MAX_LENGTH} characters` };
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(text);
  } catch (error) {
    if (error instanceof RE2JSException) {
      return { reason: reasonOf(error.message) };
    }
    throw error;
  }
  return compiled.programSize() > MAX_PROGRAM ? { reason: 'it is too large: lower its repeat counts' } : on(compiled);
}

/** Why a text cannot be used as a {@link TagPattern}; undefined where it can. */
export function patternProblem(text: string): string | undefined {
  const compiled = compilePattern(text);
  return 'reason' in compiled
    ? `"${text.slice(0, 200)}" cannot be used as a regular expression: ${compiled.reason}`
    : undefined;
}

/**
 * The pattern of a text that was checked before.
 * @throws RangeError naming the pattern and what is wrong with it
 */
export function patternOf(text: string): TagPattern {
  const compiled = compilePattern(text);
  if ('reason' in compiled) {
    throw new RangeError(patternProblem(text));
  }
  return compiled;
}

function on(compiled: RE2JS): TagPattern {
  return {
    test: (tag) => compiled.test(tag),
    extract(tag) {
      const matcher = compiled.matcher(tag);
      if (!matcher.find()) {
        return undefined;
      }
      return matcher.group(compiled.groupCount() === 0 ? 0 : 1) ?? undefined;
    },
  };
}

function reasonOf(message: string): string {
  const reason = message.replace(/^error parsing regexp: /, '');
  const isOutside = /Perl syntax|invalid escape sequence: `\\[1-9]/.test(reason);
  return isOutside ? `${reason} (RE2 syntax has no look-around and no back-references)` : reason;
}
