import { describe, expect, it } from 'vitest';
import { newestBuild } from '../../src/app/image-policy.js';

describe('app/image-policy', () => {
  it('newestBuild follows every tag for linux/amd64 unless told otherwise', () => {
    expect(newestBuild('ghcr.io/a/b')).toEqual({
      strategy: 'newest-build',
      image: 'ghcr.io/a/b',
      platform: 'linux/amd64',
    });
    expect(newestBuild('ghcr.io/a/b', { allow: '^dev-', ignore: ['-rc$'], platform: 'linux/arm64' })).toEqual({
      strategy: 'newest-build',
      image: 'ghcr.io/a/b',
      allow: '^dev-',
      ignore: ['-rc$'],
      platform: 'linux/arm64',
    });
  });

  it.each([
    [{ allow: '(?!x)' }, /newestBuild\('ghcr.io\/a\/b'\): allow "\(\?!x\)" cannot be used .* no look-around/],
    [{ ignore: ['-rc$', '('] }, /newestBuild\('ghcr.io\/a\/b'\): ignore "\(" cannot be used/],
  ])('a filter that cannot be used is refused where it is written: %j', (options, message) => {
    expect(() => newestBuild('ghcr.io/a/b', options)).toThrowError(message);
  });
});
