import { describe, expect, it } from 'vitest';
import { newestBuild, platformsOf } from '../../../src/app/image-policy.js';

describe('app/image-policies/followed-image', () => {
  it.each(['redis:7', 'localhost:5000/redis:7', 'redis@sha256:abc', ''])('"%s" is not the image alone', (image) => {
    expect(() => newestBuild(image)).toThrowError(/write the image without tag and digest/);
  });

  it.each([
    [{ allow: '(?!x)' }, /newestBuild\('ghcr.io\/a\/b'\): allow "\(\?!x\)" cannot be used .* no look-around/],
    [{ ignore: ['-rc$', '('] }, /newestBuild\('ghcr.io\/a\/b'\): ignore "\(" cannot be used/],
  ])('a filter that cannot be used is refused where it is written: %j', (options, message) => {
    expect(() => newestBuild('ghcr.io/a/b', options)).toThrowError(message);
  });

  it.each(['a name', '-----BEGIN PRIVATE KEY-----\nsentinel', ''])('"%s" is no key, and is not shown', (cosignKey) => {
    const act = () => newestBuild('x', { verify: { cosignKey } });
    expect(act).toThrowError(/newestBuild\('x'\): verify.cosignKey is neither/);
    expect(act).not.toThrowError(/sentinel/);
  });

  it.each([
    [undefined, ['linux/amd64']],
    ['linux/arm64', ['linux/arm64']],
    [
      ['linux/arm64', 'linux/amd64'],
      ['linux/arm64', 'linux/amd64'],
    ],
  ])('the platform %j means %j', (platform, expected) => {
    expect(platformsOf(newestBuild('x', platform === undefined ? {} : { platform }))).toEqual(expected);
  });
});
