import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedTags, selectBuild } from '../../../src/driver/core/select-tag.js';
import type { BadImage } from '../../../src/driver/core/state.js';
import type { ImageBuild } from '../../../src/sources/registry/port.js';

const HEX = 'a'.repeat(64);

describe('driver/core/select-tag', () => {
  describe('allowedTags', () => {
    it.each([
      ['every tag without a filter', {}, ['a', 'b'], ['a', 'b']],
      ['a tag that the filter matches', { allow: '^master-' }, ['master-1', 'dev-1', 'x-master-1'], ['master-1']],
      ['no tag that is ignored', { ignore: ['-rc', '^old'] }, ['1-rc', 'old-1', '2'], ['2']],
      ['an ignored tag neither when it is allowed', { allow: '^master-', ignore: ['bad'] }, ['master-bad'], []],
      ['no signature and no attestation', {}, [`sha256-${HEX}.sig`, `sha256-${HEX}`, 'v1.att', 'v1'], ['v1']],
    ])('takes %s', (_rule, policy, tags, expected) => {
      expect(allowedTags(tags, policy)).toEqual(expected);
    });

    it('answers at once also where JavaScript’s own expressions would hang', () => {
      expect(allowedTags(['a'.repeat(127) + '!', 'aa'], { allow: '^(a+)+$' })).toEqual(['aa']);
    });
  });

  describe('selectBuild', () => {
    const A = build('a', 1);
    const B = build('b', 2);
    const C = build('c', 3);

    it.each([
      ['the newest by creation time, whatever the order', [B, C, A], undefined, [], 'c'],
      ['a newer one than the current', [A, B], A, [], 'b'],
      ['nothing when the current is the newest', [A, B], B, [], undefined],
      ['nothing when there are no builds', [], A, [], undefined],
      ['nothing older when the current tag was deleted', [A], B, [], undefined],
      ['nothing when the newest was rolled back', [A, B], A, ['b'], undefined],
      ['a build that is newer than the one rolled back', [A, B, C], A, ['b'], 'c'],
      ['the newest when the age of the current is unknown', [A], { tag: 'placeholder' }, [], 'a'],
      ['no build that does not say when it was made', [{ tag: 'x', digest: 'x' }], undefined, [], undefined],
      ['the last by name of two that are as old', [build('x', 5), build('y', 5)], undefined, [], 'y'],
      ['nothing that is as old as the current', [build('x', 5), build('y', 5)], build('x', 5), [], undefined],
    ])('takes %s', (_rule, builds, current, bad, expected) => {
      expect(selectBuild(builds, current, bad.map(badImage))?.tag).toBe(expected);
    });

    it('never goes back in time, whatever the registry lists in whatever order', () => {
      const builds = fc.array(fc.record({ tag: fc.constantFrom('a', 'b', 'c', 'd'), time: fc.integer({ min: 1 }) }));
      fc.assert(
        fc.property(fc.array(builds), (answers) => {
          let current: ImageBuild | undefined;
          for (const answer of answers) {
            const next = selectBuild(
              answer.map(({ tag, time }) => build(tag, time)),
              current,
              [],
            );
            expect(next?.createdAt ?? Infinity).toBeGreaterThan(current?.createdAt ?? 0);
            current = next ?? current;
          }
        }),
      );
    });
  });
});

function build(tag: string, createdAt: number): ImageBuild {
  return { tag, digest: `sha256:${tag}`, createdAt };
}

function badImage(tag: string): BadImage {
  return { image: 'x', tag, restored: 'a', reason: 'CrashLoopBackOff', at: 1 };
}
