import type { DesiredApp, ImageOverrides } from './desired-state.js';
import { parseImage } from './image.js';
import { imagesIn, withImageTags } from './images-in-objects.js';
import type { Manifest } from './manifest.js';

/** The overrides of an application that count: those of images with a policy. All others are pinned by the code alone. */
export function overridesOf(app: DesiredApp, overrides: ImageOverrides): Readonly<Record<string, string>> {
  const own = overrides[app.name] ?? {};
  const followed = new Set(app.images.map((policy) => policy.image));
  return Object.fromEntries(Object.entries(own).filter(([image]) => followed.has(image)));
}

/** The objects of an application with the image tags in force. */
export function objectsOf(app: DesiredApp, overrides: ImageOverrides): readonly Manifest[] {
  return withImageTags(app.objects, overridesOf(app, overrides));
}

/** The tags that an application's objects have of the images that it follows. */
export function followedTags({ images }: DesiredApp, objects: readonly Manifest[]): Readonly<Record<string, string>> {
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
