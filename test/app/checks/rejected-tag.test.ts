import { describe, expect, it } from 'vitest';
import { digest, semver } from '../../../src/app/image-policy.js';
import { following, IMAGE, withPolicy } from './followed.js';
import { app, found, running } from './revision.js';

const PLACE = 'warning: a: Deployment home/web spec.template.spec.containers[0].image';

describe('app/checks/rejected-tag', () => {
  it.each([
    ['a placeholder that passes', `${IMAGE}:master-placeholder`, { allow: '^master-' }, []],
    ['a tag that does not pass', `${IMAGE}:dev-1`, { allow: '^master-' }, [PLACE]],
    ['a tag that is ignored', `${IMAGE}:master-bad`, { allow: '^master-', ignore: ['bad$'] }, [PLACE]],
    ['any tag without a filter', `${IMAGE}:x`, {}, []],
    ['a signature', `${IMAGE}:sha256-${'0'.repeat(64)}.sig`, {}, [PLACE]],
    ['an image of another name', 'redis:7.2', { allow: '^master-' }, []],
    ['a digest alone', `${IMAGE}@sha256:${'0'.repeat(64)}`, { allow: '^master-' }, []],
    ['a floating tag, which is another rule', `${IMAGE}:latest`, { allow: '^master-' }, []],
  ])('%s', (_what, reference, options, places) => {
    expect(found('rejected-tag', following(reference, options))).toEqual(places);
  });

  it.each([
    ['a version in the range', '1.2.3', semver(IMAGE, { range: '^1.0.0' }), []],
    ['a version out of the range', '2.0.0', semver(IMAGE, { range: '^1.0.0' }), [PLACE]],
    ['the tag that moves', 'stable', digest(IMAGE, { tag: 'stable' }), []],
    ['another tag than the one that moves', 'edge', digest(IMAGE, { tag: 'stable' }), [PLACE]],
  ])('%s', (_what, tag, policy, places) => {
    expect(found('rejected-tag', withPolicy(`${IMAGE}:${tag}`, policy))).toEqual(places);
  });

  it("another application's policy does not count", () => {
    const other = app('b', [running('b', { image: `${IMAGE}:dev-1` })]);
    expect(found('rejected-tag', following(`${IMAGE}:master-1`, { allow: '^master-' }), other)).toEqual([]);
  });
});
