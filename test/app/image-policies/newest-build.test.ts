import { describe, expect, it } from 'vitest';
import { newestBuild } from '../../../src/app/image-policies/newest-build.js';
import { build, mayReplace, taken } from './table.js';

const A = build('a', 1);
const B = build('b', 2);
const C = build('c', 3);

describe('app/image-policies/newest-build', () => {
  it('follows every tag for linux/amd64 unless told otherwise', () => {
    expect(newestBuild('ghcr.io/a/b')).toEqual({
      strategy: 'newest-build',
      image: 'ghcr.io/a/b',
      platform: 'linux/amd64',
    });
    const options = { allow: '^dev-', ignore: ['-rc$'], platform: ['linux/arm64', 'linux/amd64'] };
    expect(newestBuild('ghcr.io/a/b', options)).toEqual({
      strategy: 'newest-build',
      image: 'ghcr.io/a/b',
      ...options,
    });
  });

  it.each([
    ['the newest by creation time, whatever the order', {}, [B, C, A], 'c'],
    ['of two that are as old the last by name', {}, [build('x', 5), build('y', 5)], 'y'],
    ['no build that does not say when it was made', {}, [build('x')], undefined],
    ['the newest of those that the filter allows', { allow: '^[ab]$' }, [A, B, C], 'b'],
    ['the newest of those that are not ignored', { ignore: ['c', '^b'] }, [A, B, C], 'a'],
  ])('takes %s', (_rule, options, builds, tag) => {
    expect(taken(newestBuild('x', options), builds)).toBe(tag);
  });

  it.each([
    ['a newer one', B, A, true],
    ['an older one', A, B, false],
    ['one that is as old', build('x', 5), build('y', 5), false],
    ['any when the age of the current one is not known', A, build('placeholder'), true],
    ['one without an age', build('x'), A, false],
  ])('%s in the place of the current one: %#', (_rule, next, current, expected) => {
    expect(mayReplace(newestBuild('x'), next, current)).toBe(expected);
  });
});
