import { describe, expect, it } from 'vitest';
import type { DesiredApp, DesiredState, ImageOverrides } from '../../src/app/desired-state.js';
import { fingerprintOf } from '../../src/app/fingerprint.js';
import { newestBuild } from '../../src/app/image-policy.js';
import { imagesIn } from '../../src/app/images-in-objects.js';
import { syncPolicyOf } from '../../src/app/sync-policy.js';
import { resolveImages } from '../../src/deploy/resolve-images.js';

const IMAGE = 'ghcr.io/o/app';

function app(
  name: string,
  { followed, image = `${IMAGE}:master-placeholder` }: { followed: boolean; image?: string },
): DesiredApp {
  return {
    name,
    namespace: 'prodesk',
    sync: syncPolicyOf('auto'),
    images: followed ? [newestBuild(IMAGE)] : [],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'prodesk' },
        spec: { containers: [{ name, image }] },
      },
    ],
  };
}

function state(...apps: DesiredApp[]): DesiredState {
  return { revision: 'r', apps: Object.fromEntries(apps.map((each) => [each.name, each])), disabled: [], failed: {} };
}

describe('deploy/resolve-images', () => {
  const config: ImageOverrides = { a: { [IMAGE]: 'master-config' } };
  const last: ImageOverrides = { a: { [IMAGE]: 'master-last' } };

  it.each([
    ['the stack configuration wins over the last update', { followed: true }, { config, last }, 'master-config'],
    ['the last update wins over the code', { followed: true }, { config: {}, last }, 'master-last'],
    ['a new stack takes the tag in the code', { followed: true }, { config: {}, last: {} }, 'master-placeholder'],
    [
      'an override of another application does nothing',
      { followed: true },
      { config: { b: { [IMAGE]: 'x' } }, last: {} },
      'master-placeholder',
    ],
    [
      'an override of another image does nothing',
      { followed: true },
      { config: { a: { 'ghcr.io/o/x': 'x' } }, last: {} },
      'master-placeholder',
    ],
    [
      'an image without a policy takes the tag in the code',
      { followed: false },
      { config, last },
      'master-placeholder',
    ],
  ])('%s', (_rule, policy, sources, tag) => {
    const [deployed] = resolveImages(state(app('a', policy)), sources).apps;
    expect(imagesIn(deployed?.objects ?? [])).toEqual([`${IMAGE}:${tag}`]);
  });

  it('the images output names the tags in force of followed images only', () => {
    const { images } = resolveImages(state(app('a', { followed: true }), app('b', { followed: false })), {
      config,
      last,
    });
    expect(images).toEqual({ a: { [IMAGE]: 'master-config' } });
  });

  it('an override replaces a digest, and the output is what the next run takes', () => {
    const desired = state(app('a', { followed: true, image: `${IMAGE}@sha256:0123` }));
    const first = resolveImages(desired, { config, last: {} });
    const next = resolveImages(desired, { config: {}, last: first.images });
    expect(next).toEqual(first);
    expect(imagesIn(next.apps[0]?.objects ?? [])).toEqual([`${IMAGE}:master-config`]);
  });

  it.each(['master-1', 'stable@sha256:4567', 'sha256:4567'])(
    'an override with the version %s is what runs',
    (version) => {
      const sources = { config: { a: { [IMAGE]: version } }, last: {} };
      const first = resolveImages(state(app('a', { followed: true })), sources);
      expect(first.images).toEqual(sources.config);
      expect(resolveImages(state(app('a', { followed: true })), { config: {}, last: first.images })).toEqual(first);
    },
  );

  it('fingerprints are those of the objects as they are deployed', () => {
    const { apps, fingerprints } = resolveImages(state(app('a', { followed: true })), { config, last });
    expect(fingerprints).toEqual({ a: fingerprintOf(apps[0]?.objects ?? []) });
  });

  it('applications are in the order of their names', () => {
    const { apps } = resolveImages(state(app('b', { followed: false }), app('a', { followed: false })), {
      config,
      last,
    });
    expect(apps.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
