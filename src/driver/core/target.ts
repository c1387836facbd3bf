import type { DesiredApp, ImageOverrides } from '../../app/desired-state.js';
import { fingerprintOf } from '../../app/fingerprint.js';
import { parseImage } from '../../app/image.js';
import { imagesIn, withImageTags } from '../../app/images-in-objects.js';
import type { Manifest } from '../../app/manifest.js';
import type { AppTarget } from './state.js';

/** The overrides of an application that count: those of images with a policy. */
export function overridesOf(definition: DesiredApp, overrides: ImageOverrides): Readonly<Record<string, string>> {
  const own = overrides[definition.name] ?? {};
  const followed = new Set(definition.images.map((policy) => policy.image));
  return Object.fromEntries(Object.entries(own).filter(([image]) => followed.has(image)));
}

/** The objects of an application with the image tags in force. */
export function objectsOf(definition: DesiredApp, overrides: ImageOverrides): readonly Manifest[] {
  return withImageTags(definition.objects, overridesOf(definition, overrides));
}

/** The tags in force of the images that an application follows. */
export function followedImages(definition: DesiredApp, overrides: ImageOverrides): Readonly<Record<string, string>> {
  return followedIn(definition, objectsOf(definition, overrides));
}

/** What an application should be under a revision and overrides. */
export function targetOf(
  definition: DesiredApp,
  revision: string,
  overrides: ImageOverrides,
  secretDigest: string,
): AppTarget {
  const objects = objectsOf(definition, overrides);
  const objectsFingerprint = fingerprintOf(objects);
  return {
    revision,
    images: followedIn(definition, objects),
    objectsFingerprint,
    fingerprint: fingerprintWith(objectsFingerprint, secretDigest),
  };
}

/** The fingerprint of objects together with the secrets that they use. */
export function fingerprintWith(objectsFingerprint: string, secretDigest: string): string {
  return secretDigest === '' ? objectsFingerprint : `${objectsFingerprint}-${secretDigest}`;
}

function followedIn({ images }: DesiredApp, objects: readonly Manifest[]): Record<string, string> {
  if (images.length === 0) {
    return {};
  }
  const inForce = imagesIn(objects).map(parseImage);
  return Object.fromEntries(
    images.flatMap(({ image }) => {
      const tag = inForce.find((reference) => reference.name === image)?.tag;
      return tag === undefined ? [] : [[image, tag]];
    }),
  );
}
