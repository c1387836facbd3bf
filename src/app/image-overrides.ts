import type { DesiredApp, ImageOverrides } from './desired-state.js';
import { formatVersion, parseImage } from './image.js';
import { imagesIn, withImageVersions } from './images-in-objects.js';
import type { Manifest } from './manifest.js';
import { withHookNames } from './stages.js';

/** The overrides of an application that count: those of images with a policy. All others are pinned by the code alone. */
export function overridesOf(app: DesiredApp, overrides: ImageOverrides): Readonly<Record<string, string>> {
  const own = overrides[app.name] ?? {};
  const followed = new Set(app.images.map((policy) => policy.image));
  return Object.fromEntries(Object.entries(own).filter(([image]) => followed.has(image)));
}

/** The objects of an application with the image versions in force, hooks by the names that they run under. */
export function objectsOf(app: DesiredApp, overrides: ImageOverrides): readonly Manifest[] {
  return objectsWith(app, overridesOf(app, overrides));
}

/** The objects of an application with these image versions, hooks by the names that they run under. */
export function objectsWith(app: DesiredApp, versions: Readonly<Record<string, string>>): readonly Manifest[] {
  return withHookNames(withImageVersions(app.objects, versions));
}

/** The versions (tag, digest or both) that an application's objects have of the images that it follows. */
export function followedVersions(
  { images }: DesiredApp,
  objects: readonly Manifest[],
): Readonly<Record<string, string>> {
  if (images.length === 0) {
    return {};
  }
  const inForce = imagesIn(objects).map(parseImage);
  return Object.fromEntries(
    images.flatMap(({ image }) => {
      const reference = inForce.find(({ name }) => name === image);
      const version = formatVersion(reference ?? {});
      return version === '' ? [] : [[image, version]];
    }),
  );
}
