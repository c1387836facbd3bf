import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/app/image-policies/digest.js';
import { build, mayReplace, taken } from './table.js';

describe('app/image-policies/digest', () => {
  it('follows one tag', () => {
    expect(digest('redis', { tag: 'stable' })).toEqual({
      strategy: 'digest',
      image: 'redis',
      platform: 'linux/amd64',
      tag: 'stable',
      mayGoBack: false,
    });
    expect(taken(digest('redis', { tag: 'stable' }), ['latest', 'stable', 'stable2'])).toBe('stable');
  });

  it.each([
    ['a newer build', {}, build('t', 2, 'sha256:b'), build('t', 1, 'sha256:a'), true],
    ['the same build', {}, build('t', 1, 'sha256:a'), build('t', 1, 'sha256:a'), false],
    ['another build of the same time', {}, build('t', 1, 'sha256:b'), build('t', 1, 'sha256:a'), true],
    ['an older build', {}, build('t', 1, 'sha256:a'), build('t', 2, 'sha256:b'), false],
    [
      'an older build where that is wanted',
      { mayGoBack: true },
      build('t', 1, 'sha256:a'),
      build('t', 2, 'sha256:b'),
      true,
    ],
    ['a build of unknown time', {}, build('t', undefined, 'sha256:b'), build('t', 2, 'sha256:a'), true],
    [
      'a build in the place of one of unknown time',
      {},
      build('t', 1, 'sha256:b'),
      build('t', undefined, 'sha256:a'),
      true,
    ],
  ])('%s may take the place: case %#', (_rule, options, next, current, expected) => {
    expect(mayReplace(digest('redis', { tag: 't', ...options }), next, current)).toBe(expected);
  });

  it('something that is no tag is refused where it is written', () => {
    expect(() => digest('redis', { tag: 'a:b' })).toThrowError(/digest\('redis'\): "a:b" is not a tag/);
  });
});
