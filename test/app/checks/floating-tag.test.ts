import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/app/image-policy.js';
import { following, IMAGE, withPolicy } from './followed.js';
import { found } from './revision.js';

const PLACE = 'warning: a: Deployment home/web spec.template.spec.containers[0].image';

describe('app/checks/floating-tag', () => {
  it.each([
    ['latest', `${IMAGE}:latest`, [PLACE]],
    ['no tag', IMAGE, [PLACE]],
    ['a tag', `${IMAGE}:master-1`, []],
    ['a digest', `${IMAGE}@sha256:${'0'.repeat(64)}`, []],
    ['latest with a digest', `${IMAGE}:latest@sha256:${'0'.repeat(64)}`, []],
    ['latest of an image without a policy', 'nginx:latest', []],
  ])('%s', (_what, reference, places) => {
    expect(found('floating-tag', following(reference))).toEqual(places);
  });

  it('a tag that is followed because it moves is fine', () => {
    expect(found('floating-tag', withPolicy(`${IMAGE}:latest`, digest(IMAGE, { tag: 'latest' })))).toEqual([]);
    expect(found('floating-tag', withPolicy(`${IMAGE}:latest`, digest(IMAGE, { tag: 'stable' })))).toEqual([PLACE]);
  });
});
