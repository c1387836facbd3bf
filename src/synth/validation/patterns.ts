import { compilePattern, type TagPattern } from '../../app/tag-pattern.js';

const compiled = new Map<string, TagPattern | undefined>();

/** Whether a text matches a definition's pattern, as the API server sees it. A pattern that cannot be used matches everything. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!compiled.has(pattern)) {
    const result = compilePattern(pattern);
    compiled.set(pattern, 'reason' in result ? undefined : result);
  }
  return compiled.get(pattern)?.test(text) ?? true;
}
