import { describe, expect, it } from 'vitest';
import { newestBuild } from '../../../src/app/image-policy.js';
import { following, IMAGE } from './followed.js';
import { app, findingsOf, found, revision, running } from './revision.js';

describe('app/checks/unused-image-policy', () => {
  it('an image that no container has is a warning that names the others', () => {
    const images = [newestBuild(IMAGE), newestBuild('ghcr.io/acme/wbe')];
    const state = revision([app('a', [running('web', { image: `${IMAGE}:1` })], { images })]);
    expect(findingsOf('unused-image-policy', state)).toEqual([
      {
        rule: 'unused-image-policy',
        severity: 'warning',
        app: 'a',
        field: 'images[1].image',
        file: 'apps/a/app.ts',
        message: `no container has the image ghcr.io/acme/wbe; there are: ${IMAGE}`,
      },
    ]);
  });

  it('an image of an init container is used', () => {
    const objects = [running('web', {}, { initContainers: [{ name: 'i', image: `${IMAGE}:1` }] })];
    expect(found('unused-image-policy', app('a', objects, { images: [newestBuild(IMAGE)] }))).toEqual([]);
  });

  it('the tag does not matter', () => {
    expect(found('unused-image-policy', following(`${IMAGE}:whatever`))).toEqual([]);
  });
});
