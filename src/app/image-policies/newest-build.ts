import type { BuildOrder } from './build-order.js';
import { greatestFirst } from './build-order.js';
import { followedImage } from './followed-image.js';
import type { FilterOptions, NewestBuildPolicy } from './policy.js';

/** Options of {@link newestBuild}. */
export type NewestBuildOptions = FilterOptions;

/**
 * Follows the newest build of an image, by the `created` time of its configuration. Tags count as fixed: one that is pushed again is not looked
 * at again; see {@link digest} for tags that move.
 * @throws RangeError naming the image and the filter that cannot be used
 */
export function newestBuild(image: string, options: NewestBuildOptions = {}): NewestBuildPolicy {
  return { strategy: 'newest-build', ...followedImage('newestBuild', image, options) };
}

/** The later, the better. A build that does not say when it was made is never taken. */
export const newestBuildOrder: BuildOrder = {
  by: 'build',
  accepts: () => true,
  sort: (builds) =>
    greatestFirst(
      builds,
      ({ createdAt }) => createdAt,
      (a, b) => a - b,
    ),
  replaces: (next, current) =>
    next.createdAt !== undefined && (current.createdAt === undefined || next.createdAt > current.createdAt),
};
