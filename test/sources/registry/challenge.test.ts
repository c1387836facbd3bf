import { describe, expect, it } from 'vitest';
import { parseChallenge } from '../../../src/sources/registry/challenge.js';

describe('sources/registry/challenge', () => {
  it.each([
    [
      'the one of GHCR',
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"',
      { scheme: 'bearer', realm: 'https://ghcr.io/token', service: 'ghcr.io' },
    ],
    [
      'another case and spaces',
      'bearer Realm = "https://a/b" , Service=c',
      { scheme: 'bearer', realm: 'https://a/b', service: 'c' },
    ],
    ['no service', 'Bearer realm="https://a"', { scheme: 'bearer', realm: 'https://a' }],
    [
      'a comma and an escaped quote in a value',
      'Bearer realm="https://a/?x=1,2",service="a\\"b"',
      { scheme: 'bearer', realm: 'https://a/?x=1,2', service: 'a"b' },
    ],
    ['Basic', 'Basic realm="registry"', { scheme: 'basic' }],
    ['the first of two that we know', 'Negotiate, Basic realm="x", Bearer realm="https://a"', { scheme: 'basic' }],
    [
      'Bearer after an unknown one',
      'Digest realm="x", nonce="y", Bearer realm="https://a"',
      { scheme: 'bearer', realm: 'https://a' },
    ],
  ])('reads %s', (_name, header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });

  it.each([undefined, '', 'Bearer', 'Bearer service="x"', 'Negotiate', 'realm="x"', '"', '='])(
    '%j is none',
    (header) => {
      expect(parseChallenge(header)).toBeUndefined();
    },
  );

  it('a hostile header takes no time', () => {
    const started = performance.now();
    parseChallenge(`Bearer realm="${'\\'.repeat(100_000)}`);
    parseChallenge('a='.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
