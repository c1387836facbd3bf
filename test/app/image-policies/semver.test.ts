import { describe, expect, it } from 'vitest';
import { semver } from '../../../src/app/image-policies/semver.js';
import { mayReplace, taken } from './table.js';

describe('app/image-policies/semver', () => {
  it('follows every version but pre-releases unless told otherwise', () => {
    expect(semver('redis')).toEqual({
      strategy: 'semver',
      image: 'redis',
      platform: 'linux/amd64',
      range: '*',
      preReleases: false,
    });
  });

  it.each([
    ['the highest version, not the last by name', {}, ['1.9.0', '1.10.0', '1.2.0'], '1.10.0'],
    ['a version with a v', {}, ['v1.2.3', '1.2.0', 'latest'], 'v1.2.3'],
    ['of two ways to write one version the last by name', {}, ['1.2.3', 'v1.2.3'], 'v1.2.3'],
    ['nothing above the range', { range: '^1.4' }, ['1.4.0', '1.9.1', '2.0.0'], '1.9.1'],
    ['nothing where the range holds no tag', { range: '>=3' }, ['1.4.0', '2.0.0'], undefined],
    ['a version of either part of a range', { range: '1.x || 3.x' }, ['1.4.0', '2.0.0', '3.1.0', '4.0.0'], '3.1.0'],
    ['no pre-release', {}, ['1.4.0', '1.5.0-rc.1'], '1.4.0'],
    ['a pre-release where they are wanted', { preReleases: true }, ['1.4.0', '1.5.0-rc.1'], '1.5.0-rc.1'],
    ['a release before its own pre-release', { preReleases: true }, ['1.5.0', '1.5.0-rc.1'], '1.5.0'],
    ['a later pre-release of the same version', { preReleases: true }, ['1.5.0-rc.9', '1.5.0-rc.10'], '1.5.0-rc.10'],
    ['a pre-release that the range names', { range: '>=1.5.0-rc.1' }, ['1.5.0-rc.2', '1.6.0-rc.1'], '1.5.0-rc.2'],
    ['no tag with fewer than three numbers', {}, ['1', '1.2', '1.1.9'], '1.1.9'],
    ['what is extracted', { extract: '^(.*)-alpine$' }, ['1.2.0-alpine', '1.3.0', '1.1.0-alpine'], '1.2.0-alpine'],
    ['only allowed tags', { allow: '^1\\.2\\.' }, ['1.2.1', '1.3.0'], '1.2.1'],
    ['no ignored tag', { ignore: ['^1\\.3\\.0$'] }, ['1.2.1', '1.3.0'], '1.2.1'],
  ])('takes %s', (_rule, options, tags, expected) => {
    expect(taken(semver('redis', options), tags)).toBe(expected);
  });

  it.each([
    ['1.2.4', '1.2.3', true],
    ['1.2.3', '1.2.4', false],
    ['v1.2.3', '1.2.3', false],
  ])('%s may take the place of %s: %s', (next, current, expected) => {
    expect(mayReplace(semver('redis'), next, current)).toBe(expected);
  });

  it.each([
    [{ range: 'newest' }, /semver\('redis'\): "newest" is not a range/],
    [{ extract: '(?=x)' }, /semver\('redis'\): extract "\(\?=x\)" cannot be used/],
  ])('%j is refused where it is written', (options, message) => {
    expect(() => semver('redis', options)).toThrowError(message);
  });
});
