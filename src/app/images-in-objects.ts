import { formatImage, parseImage, parseVersion } from './image.js';
import type { Manifest } from './manifest.js';

const CONTAINER_LISTS = new Set(['containers', 'initContainers']);

/** The objects with tag and digest of each container image replaced where `versions` has something for the image's name. */
export function withImageVersions(
  objects: readonly Manifest[],
  versions: Readonly<Record<string, string>>,
): readonly Manifest[] {
  if (Object.keys(versions).length === 0) {
    return objects;
  }
  return objects.map((object) => mapContainers(object, (image) => withVersion(image, versions)) as Manifest);
}

/** The image references of all containers, sorted, each once. */
export function imagesIn(objects: readonly Manifest[]): string[] {
  const images = new Set<string>();
  for (const object of objects) {
    mapContainers(object, (image) => {
      images.add(image);
      return image;
    });
  }
  return [...images].sort();
}

function withVersion(image: string, versions: Readonly<Record<string, string>>): string {
  const { name } = parseImage(image);
  const version = Object.hasOwn(versions, name) ? versions[name] : undefined;
  return version === undefined ? image : formatImage({ name, ...parseVersion(version) });
}

function mapContainers(value: unknown, map: (image: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => mapContainers(item, map));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      CONTAINER_LISTS.has(key) && Array.isArray(item)
        ? item.map((container) => mapImage(container, map))
        : mapContainers(item, map),
    ]),
  );
}

function mapImage(container: unknown, map: (image: string) => string): unknown {
  return container !== null &&
    typeof container === 'object' &&
    'image' in container &&
    typeof container.image === 'string'
    ? { ...container, image: map(container.image) }
    : container;
}
