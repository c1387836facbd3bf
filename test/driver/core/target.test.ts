import { describe, expect, it } from 'vitest';
import { imagesIn } from '../../../src/app/images-in-objects.js';
import { objectsOf, overridesOf } from '../../../src/app/image-overrides.js';
import { followedImages, targetOf } from '../../../src/driver/core/target.js';
import { application, IMAGE, SIDECAR } from './scenario.js';

const WEB = application('web', { follows: true, tag: 'master-code' });

describe('driver/core/target', () => {
  it('an override wins over the tag in the code', () => {
    const target = targetOf(WEB, 'c1', { web: { [IMAGE]: 'master-9' } }, '');
    expect(target.images).toEqual({ [IMAGE]: 'master-9' });
    expect(imagesIn(objectsOf(WEB, { web: { [IMAGE]: 'master-9' } }))).toEqual([`${IMAGE}:master-9`]);
  });

  it('a change of the tag in the code changes nothing while there is an override', () => {
    const overrides = { web: { [IMAGE]: 'master-9' } };
    const before = targetOf(WEB, 'c1', overrides, '');
    const after = targetOf(application('web', { follows: true, tag: 'master-newer' }), 'c2', overrides, '');
    expect(after).toEqual({ ...before, revision: 'c2' });
  });

  it('without an override the tag in the code is in force', () => {
    expect(followedImages(WEB, {})).toEqual({ [IMAGE]: 'master-code' });
  });

  it.each([
    ['an image without a policy', application('web'), { web: { [IMAGE]: 'x' } }],
    ['another application', WEB, { shop: { [IMAGE]: 'x' } }],
    ['an image that it does not run', WEB, { web: { 'ghcr.io/acme/other': 'x' } }],
  ])('an override of %s is not used', (_what, definition, overrides) => {
    expect(overridesOf(definition, overrides)).toEqual({});
    expect(objectsOf(definition, overrides)).toEqual(definition.objects);
  });

  it('each of two images has its own tag', () => {
    const two = application('web', { follows: true, tag: 'master-1', sidecar: 'master-2' });
    expect(followedImages(two, { web: { [SIDECAR]: 'master-3' } })).toEqual({
      [IMAGE]: 'master-1',
      [SIDECAR]: 'master-3',
    });
  });

  it('the fingerprint changes with a tag, with an object and with a secret, and not with the revision', () => {
    const prints = [
      targetOf(WEB, 'c1', {}, ''),
      targetOf(WEB, 'c1', { web: { [IMAGE]: 'x' } }, ''),
      targetOf(application('web', { follows: true, tag: 'master-code', note: 'x' }), 'c1', {}, ''),
      targetOf(WEB, 'c1', {}, 'secret1'),
      targetOf(WEB, 'c1', {}, 'secret2'),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(targetOf(WEB, 'c2', {}, '').fingerprint).toBe(prints[0]);
  });

  it('a secret does not show in the fingerprint of the objects', () => {
    expect(targetOf(WEB, 'c1', {}, 'secret1').objectsFingerprint).toBe(targetOf(WEB, 'c1', {}, '').objectsFingerprint);
  });
});
