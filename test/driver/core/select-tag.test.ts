import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Build } from '../../../src/app/image-policy.js';
import { alphabetical, digest, newestBuild, orderOf, semver, versionOf } from '../../../src/app/image-policy.js';
import { type CurrentBuild, selectBuild } from '../../../src/driver/core/select-tag.js';
import type { BadImage } from '../../../src/driver/core/state.js';

const NEWEST = newestBuild('x', { allow: '^[a-z]$' });
const STABLE = digest('x', { tag: 'stable' });

describe('driver/core/select-tag', () => {
  const A = build('a', 1);
  const B = build('b', 2);
  const C = build('c', 3);

  it.each([
    ['the best when nothing runs', [B, C, A], undefined, [], 'c'],
    ['a newer one than the current', [A, B], running(A), [], 'b'],
    ['nothing when the current is the best', [A, B], running(B), [], undefined],
    ['nothing when there are no builds', [], running(A), [], undefined],
    ['nothing older when the current tag was deleted', [A], running(B), [], undefined],
    ['nothing when the best was rolled back', [A, B], running(A), ['b'], undefined],
    ['a build that is better than the one rolled back', [A, B, C], running(A), ['b'], 'c'],
    ['the best when the age of the current is unknown', [A], running(build('p')), [], 'a'],
    ['the best when the policy would not take the current', [A], running(build('placeholder', 9)), [], 'a'],
    ['nothing that is as old as the current', [build('x', 5), build('y', 5)], running(build('x', 5)), [], undefined],
  ])('takes %s', (_rule, builds, current, bad, expected) => {
    expect(selectBuild(NEWEST, builds, current, bad.map(badImage))?.tag).toBe(expected);
  });

  it.each([
    ['a digest where only the tag runs', running(build('stable', 5)), 'a', 5],
    ['nothing where the digest runs', running(build('stable', 5, 'sha256:a'), 'stable@sha256:a'), undefined, 5],
    ['another digest that is not older', running(build('stable', 5, 'sha256:0'), 'stable@sha256:0'), 'a', 5],
    ['no older digest', running(build('stable', 9, 'sha256:0'), 'stable@sha256:0'), undefined, 5],
    ['the digest where another tag runs', running(build('latest', 9, 'sha256:0')), 'a', 5],
    ['the digest where only a digest runs', running(build('', 9, 'sha256:0'), 'sha256:0'), 'a', 5],
  ])('of a tag that moves takes %s', (_rule, current, expected, createdAt) => {
    const chosen = selectBuild(STABLE, [build('stable', createdAt, 'sha256:a')], current, []);
    expect(chosen?.digest).toBe(expected === undefined ? undefined : `sha256:${expected}`);
  });

  it('a digest that was rolled back is not taken, another one of the same tag is', () => {
    const current = running(build('stable', 1, 'sha256:a'), 'stable@sha256:a');
    const bad = [badImage('stable@sha256:b')];
    expect(selectBuild(STABLE, [build('stable', 2, 'sha256:b')], current, bad)).toBeUndefined();
    expect(selectBuild(STABLE, [build('stable', 3, 'sha256:c')], current, bad)?.digest).toBe('sha256:c');
  });

  it.each(
    Object.entries({
      newestBuild: newestBuild('x'),
      semver: semver('x'),
      alphabetical: alphabetical('x', { order: 'descending' }),
      digest: digest('x', { tag: '1.0.0' }),
    }),
  )('never goes back by itself with %s, whatever the registry lists in whatever order', (_name, policy) => {
    const tag = fc.constantFrom('1.0.0', '1.1.0', '2.0.0', '10.0.0');
    const one = fc
      .tuple(tag, fc.integer({ min: 1, max: 9 }))
      .map(([name, time]) => build(name, time, `sha256:${time}`));
    fc.assert(
      fc.property(fc.array(fc.array(one)), (answers) => {
        let current: CurrentBuild | undefined;
        for (const answer of answers) {
          const next = selectBuild(policy, answer, current, []);
          if (next !== undefined && current !== undefined) {
            expect(orderOf(policy).replaces(current.build, next) && current.build.createdAt !== next.createdAt).toBe(
              false,
            );
          }
          current = next === undefined ? current : { version: versionOf(policy, next), build: next };
        }
      }),
    );
  });
});

function build(tag: string, createdAt?: number, sha = `sha256:${tag}`): Build {
  return { tag, digest: sha, ...(createdAt === undefined ? {} : { createdAt }) };
}

function running(current: Build, version = current.tag): CurrentBuild {
  return { version, build: current };
}

function badImage(tag: string): BadImage {
  return { image: 'x', tag, restored: 'a', reason: 'CrashLoopBackOff', at: 1 };
}
