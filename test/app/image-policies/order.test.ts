import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetical, digest, newestBuild, orderOf, semver, versionOf } from '../../../src/app/image-policy.js';
import { build, taken } from './table.js';

const HEX = 'a'.repeat(64);
const POLICIES = {
  newestBuild: newestBuild('x'),
  semver: semver('x', { preReleases: true }),
  alphabetical: alphabetical('x'),
  descending: alphabetical('x', { order: 'descending' }),
};

describe('app/image-policies/order', () => {
  it.each(Object.entries(POLICIES))('%s takes no signature and no attestation of another image', (_name, policy) => {
    const attachments = [`sha256-${HEX}.sig`, `sha256-${HEX}`, 'v9.0.0.att', '9.0.0.sbom', '9.0.0.sig'];
    const builds = [...attachments, '1.0.0'].map((tag, index) => build(tag, 10 - index));
    expect(taken(policy, builds)).toBe('1.0.0');
  });

  it('filters answer at once also where JavaScript’s own expressions would hang', () => {
    const order = orderOf(newestBuild('x', { allow: '^(a+)+$' }));
    expect(order.accepts(`${'a'.repeat(127)}!`)).toBe(false);
    expect(order.accepts('aa')).toBe(true);
  });

  it('a policy that looks at signatures deploys what it has seen', () => {
    const policy = semver('x', { verify: { cosignKey: 'cosign' } });
    expect(versionOf(policy, build('1.0.0'))).toBe('1.0.0@sha256:1.0.0');
  });

  it('the digest policy deploys tag and digest, others the tag', () => {
    expect(versionOf(digest('x', { tag: 'stable' }), build('stable'))).toBe('stable@sha256:stable');
    for (const policy of Object.values(POLICIES)) {
      expect(versionOf(policy, build('1.0.0'))).toBe('1.0.0');
    }
  });

  it.each(Object.entries(POLICIES))('%s never goes in a circle, whatever a registry lists', (_name, policy) => {
    const number = fc.integer({ min: 0, max: 3 });
    const tag = fc.tuple(number, number).map(([major, minor]) => `${major}.${minor}.0`);
    const anyBuild = fc.tuple(tag, fc.integer({ min: 1, max: 5 })).map(([name, time]) => build(name, time));
    fc.assert(
      fc.property(anyBuild, anyBuild, anyBuild, (a, b, c) => {
        const order = orderOf(policy);
        expect(order.replaces(a, a)).toBe(false);
        expect(order.replaces(a, b) && order.replaces(b, a)).toBe(false);
        expect(order.replaces(a, b) && order.replaces(b, c) && !order.replaces(a, c)).toBe(false);
      }),
    );
  });
});
