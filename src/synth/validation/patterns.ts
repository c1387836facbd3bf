import { setFlagsFromString } from 'node:v8';

const compiled = new Map<string, RegExp | undefined>();

/**
 * Whether a text matches a pattern that was written for RE2. A pattern that JavaScript does not understand matches everything.
 * A search that goes astray, which RE2 cannot, is continued by an engine that does not.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!compiled.has(pattern)) {
    compiled.set(pattern, compile(pattern));
  }
  return compiled.get(pattern)?.test(text) ?? true;
}

function compile(pattern: string): RegExp | undefined {
  if (compiled.size === 0) {
    setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  }
  try {
    return new RegExp(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
