import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatImage,
  formatVersion,
  parseImage,
  parseVersion,
  repositoryOf,
  shortVersion,
} from '../../src/app/image.js';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = (extra = '', minLength = 1): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters, ...extra), minLength, maxLength: 20 });
const host = fc.oneof(
  fc.constantFrom('ghcr.io', 'localhost', 'localhost:5000', '127.0.0.1:5000', '[::1]:5000'),
  fc.tuple(word(), fc.integer({ min: 1, max: 65535 })).map(([name, port]) => `${name}.example:${port}`),
);
const name = fc
  .tuple(fc.option(host), fc.array(word('-_.'), { minLength: 1, maxLength: 3 }))
  .map(([first, path]) => [...(first === null ? [] : [first]), ...path].join('/'));
const digest = word('', 20).map((hex) => `sha256:${hex}`);

describe('app/image', () => {
  describe('parseImage', () => {
    it.each([
      ['redis', { name: 'redis' }],
      ['redis:7.2', { name: 'redis', tag: '7.2' }],
      ['ghcr.io/sijunkim/friend-app:master-1234567', { name: 'ghcr.io/sijunkim/friend-app', tag: 'master-1234567' }],
      ['localhost:5000/x', { name: 'localhost:5000/x' }],
      ['localhost:5000/x:1', { name: 'localhost:5000/x', tag: '1' }],
      ['redis@sha256:abc', { name: 'redis', digest: 'sha256:abc' }],
      ['localhost:5000/x@sha256:abc', { name: 'localhost:5000/x', digest: 'sha256:abc' }],
      ['ghcr.io/a/b:1@sha256:abc', { name: 'ghcr.io/a/b', tag: '1', digest: 'sha256:abc' }],
    ])('%s has its parts', (reference, parts) => {
      expect(parseImage(reference)).toEqual(parts);
    });

    it('what formatImage writes is read back', () => {
      fc.assert(
        fc.property(name, fc.option(word('-_.')), fc.option(digest), (image, tag, sha) => {
          const parts = { name: image, ...(tag === null ? {} : { tag }), ...(sha === null ? {} : { digest: sha }) };
          expect(parseImage(formatImage(parts))).toEqual(parts);
        }),
      );
    });

    it('formatImage gives back each text that was read', () => {
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom(...'ab/:@.'), maxLength: 30 }), (text) => {
          expect(formatImage(parseImage(text))).toBe(text);
        }),
      );
    });
  });

  it.each([
    ['v1', { tag: 'v1' }],
    ['v1@sha256:abc', { tag: 'v1', digest: 'sha256:abc' }],
    ['sha256:abc', { digest: 'sha256:abc' }],
    ['', {}],
  ])('the version "%s" has its parts, and is written back', (text, parts) => {
    expect(parseVersion(text)).toEqual(parts);
    expect(formatVersion(parts)).toBe(text);
  });

  it('a version with an empty tag is its digest', () => {
    expect(parseVersion('@sha256:abc')).toEqual({ digest: 'sha256:abc' });
  });

  it.each([
    [`v1@sha256:${'0'.repeat(64)}`, `v1@sha256:${'0'.repeat(12)}`],
    [`sha256:${'0'.repeat(64)}`, `sha256:${'0'.repeat(12)}`],
    ['master-0123456789abcdef', 'master-0123456789abcdef'],
  ])('people see of %s: %s', (text, short) => {
    expect(shortVersion(text)).toBe(short);
  });

  it.each([
    ['redis', 'registry-1.docker.io', 'library/redis'],
    ['bitnami/redis', 'registry-1.docker.io', 'bitnami/redis'],
    ['docker.io/redis', 'registry-1.docker.io', 'library/redis'],
    ['docker.io/bitnami/redis', 'registry-1.docker.io', 'bitnami/redis'],
    ['index.docker.io/library/redis', 'registry-1.docker.io', 'library/redis'],
    ['ghcr.io/sijunkim/friend-app', 'ghcr.io', 'sijunkim/friend-app'],
    ['localhost/x', 'localhost', 'x'],
    ['registry:5000/a/b', 'registry:5000', 'a/b'],
  ])('repositoryOf %s is at %s, below %s', (image, host, repository) => {
    expect(repositoryOf(image)).toEqual({ host, repository });
  });
});
