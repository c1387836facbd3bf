import { describe, expect, it } from 'vitest';
import { alphabetical } from '../../../src/app/image-policies/alphabetical.js';
import { mayReplace, taken } from './table.js';

const DATES = ['a-20261101', 'b-20251231', 'c-20261124'];

describe('app/image-policies/alphabetical', () => {
  it('follows the last tag unless told otherwise', () => {
    expect(alphabetical('redis')).toEqual({
      strategy: 'alphabetical',
      image: 'redis',
      platform: 'linux/amd64',
      order: 'ascending',
    });
  });

  it.each([
    ['the last tag', {}, ['a', 'c', 'b'], 'c'],
    ['the first tag', { order: 'descending' }, ['b', 'a', 'c'], 'a'],
    ['what is extracted', { extract: '-(\\d{8})$' }, DATES, 'c-20261124'],
    ['the first of what is extracted', { extract: '-(\\d{8})$', order: 'descending' }, DATES, 'b-20251231'],
    ['no tag from which nothing can be extracted', { extract: '-(\\d{8})$' }, ['z', 'a-20261101'], 'a-20261101'],
    ['9 before 10, because texts are compared', {}, ['9', '10'], '9'],
    [
      'only allowed tags that are not ignored',
      { allow: '^2026', ignore: ['-bad$'] },
      ['2027', '20269', '2026z-bad'],
      '20269',
    ],
  ] as const)('takes %s', (_rule, options, tags, expected) => {
    expect(taken(alphabetical('redis', options), tags)).toBe(expected);
  });

  it.each([
    [{}, 'b', 'a', true],
    [{}, 'a', 'b', false],
    [{}, 'a', 'a', false],
    [{ order: 'descending' }, 'a', 'b', true],
    [{ order: 'descending' }, 'b', 'a', false],
    [{ extract: '-(\\d)$' }, 'b-1', 'a-1', false],
  ] as const)('with %j, %s may take the place of %s: %s', (options, next, current, expected) => {
    expect(mayReplace(alphabetical('redis', options), next, current)).toBe(expected);
  });

  it('an expression that cannot be used is refused where it is written', () => {
    expect(() => alphabetical('redis', { extract: '(' })).toThrowError(/alphabetical\('redis'\): extract "\(" cannot/);
  });
});
