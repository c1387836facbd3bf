import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, patternOf, patternProblem } from '../../src/app/tag-pattern.js';

describe('app/tag-pattern', () => {
  it.each([
    ['^(a+)+$', `${'a'.repeat(100_000)}!`],
    ['^(a|a)*$', `${'a'.repeat(100_000)}!`],
    ['^(.*a){12}$', 'a'.repeat(11)],
  ])('%s, which takes JavaScript for ever, is answered at once', (text, tag) => {
    expect(patternOf(text).test(tag)).toBe(false);
  });

  it.each([
    ['^master-', 'master-1', true],
    ['^master-', 'x-master-1', false],
    ['-rc$', 'v1-rc', true],
    ['(?i)^V\\d+', 'v12', true],
    ['', 'anything', true],
  ])('%s on %s gives %s', (text, tag, expected) => {
    expect(patternOf(text).test(tag)).toBe(expected);
  });

  it('matches plain text as JavaScript does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(word, word, (text, tag) => {
        expect(patternOf(`^${text}`).test(tag)).toBe(new RegExp(`^${text}`).test(tag));
      }),
    );
  });

  it.each([
    ['^v(\\d+)', 'v12-x', '12'],
    ['\\d+', 'v12-x', '12'],
    ['^v(\\d+)', '12', undefined],
    ['^v(\\d+)?', 'v', undefined],
    ['(?P<date>\\d{8})', 'build-20261124-a', '20261124'],
  ])('%s extracts from %s %s', (text, tag, expected) => {
    expect(patternOf(text).extract(tag)).toBe(expected);
  });

  it.each([
    ['(?=x)', /look-around/],
    ['(a)\\1', /back-references/],
    ['[', /missing closing \]/],
    ['a{1001}', /invalid repeat count/],
    ['(a{100}){100}', /too large|repeat count/],
    ['(a?){900}a{900}', /too large/],
    ['a'.repeat(1001), /longer than 1000/],
  ])('%s is refused with its reason', (text, reason) => {
    expect(compilePattern(text)).toEqual({ reason: expect.stringMatching(reason) as string });
    expect(patternProblem(text)).toContain(`"${text.slice(0, 200)}"`);
    expect(() => patternOf(text)).toThrowError(RangeError);
  });
});
