import type { DesiredApp, ImageOverrides } from '../../app/desired-state.js';
import { fingerprintOf } from '../../app/fingerprint.js';
import { followedVersions, objectsOf } from '../../app/image-overrides.js';
import type { AppTarget } from './state.js';

/** The versions in force of the images that an application follows. */
export function followedImages(definition: DesiredApp, overrides: ImageOverrides): Readonly<Record<string, string>> {
  return followedVersions(definition, objectsOf(definition, overrides));
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
    images: followedVersions(definition, objects),
    objectsFingerprint,
    fingerprint: fingerprintWith(objectsFingerprint, secretDigest),
  };
}

/** The fingerprint of objects together with the secrets that they use. */
export function fingerprintWith(objectsFingerprint: string, secretDigest: string): string {
  return secretDigest === '' ? objectsFingerprint : `${objectsFingerprint}-${secretDigest}`;
}
