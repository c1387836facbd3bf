import { describe, expect, it } from 'vitest';
import { imagesIn, withImageVersions } from '../../src/app/images-in-objects.js';
import type { Manifest } from '../../src/app/manifest.js';
import { manifestOf } from './json-value.js';

const APP = 'ghcr.io/sijunkim/naver-news-spring';
const pod = (...images: string[]): { containers: { name: string; image: string }[] } => ({
  containers: images.map((image, index) => ({ name: `c${index}`, image })),
});
const OBJECTS: readonly Manifest[] = [
  manifestOf('Deployment', {
    spec: {
      template: { spec: { ...pod(`${APP}:old`, 'redis:7.2'), initContainers: [{ name: 'i', image: `${APP}:old` }] } },
    },
  }),
  manifestOf('CronJob', { spec: { jobTemplate: { spec: { template: { spec: pod(`${APP}:old`) } } } } }),
  manifestOf('Pod', { spec: pod(`${APP}@sha256:abc`) }),
  manifestOf('ConfigMap', { data: { image: `${APP}:old` } }),
];

describe('app/images-in-objects', () => {
  describe('imagesIn', () => {
    it('images of containers of each kind are listed once, sorted; other texts are not', () => {
      expect(imagesIn(OBJECTS)).toEqual([`${APP}:old`, `${APP}@sha256:abc`, 'redis:7.2']);
    });
  });

  describe('withImageVersions', () => {
    it('each container of the image gets the tag, and nothing else changes', () => {
      const changed = withImageVersions(OBJECTS, { [APP]: 'new' });

      expect(imagesIn(changed)).toEqual([`${APP}:new`, 'redis:7.2']);
      const withOldTags = JSON.stringify(changed).replaceAll(`${APP}:new`, `${APP}:old`);
      expect(withOldTags).toBe(JSON.stringify(OBJECTS).replaceAll(`${APP}@sha256:abc`, `${APP}:old`));
    });

    it.each([
      ['v1@sha256:0123', `${APP}:v1@sha256:0123`],
      ['sha256:0123', `${APP}@sha256:0123`],
    ])('the version %s replaces both tag and digest', (version, image) => {
      expect(imagesIn(withImageVersions(OBJECTS, { [APP]: version }))).toEqual([image, 'redis:7.2']);
    });

    it('the objects that were given stay as they were', () => {
      const before = JSON.stringify(OBJECTS);
      withImageVersions(OBJECTS, { [APP]: 'new' });

      expect(JSON.stringify(OBJECTS)).toBe(before);
    });

    it.each([
      ['no tags', {}],
      ['a tag of another image', { 'ghcr.io/sijunkim/naver-news': 'new' }],
      ['a tag of a name that only begins the same', { [`${APP}-two`]: 'new' }],
    ])('%s change nothing', (_what, tags) => {
      expect(withImageVersions(OBJECTS, tags)).toEqual(OBJECTS);
    });

    it('an image that is called like a method of objects has no tag by accident', () => {
      const objects = [manifestOf('Pod', { spec: pod('constructor:1') })];

      expect(withImageVersions(objects, { redis: '8' })).toEqual(objects);
    });

    it('doing it twice is doing it once', () => {
      const once = withImageVersions(OBJECTS, { [APP]: 'new', redis: '8' });

      expect(withImageVersions(once, { [APP]: 'new', redis: '8' })).toEqual(once);
    });

    it('a container that is not complete stays as it is', () => {
      const objects = [manifestOf('Pod', { spec: { containers: [{ name: 'no-image' }, null, { image: 5 }] } })];

      expect(withImageVersions(objects, { [APP]: 'new' })).toEqual(objects);
      expect(imagesIn(objects)).toEqual([]);
    });
  });
});
