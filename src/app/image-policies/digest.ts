import { TAG } from '../image.js';
import type { BuildOrder } from './build-order.js';
import { followedImage } from './followed-image.js';
import type { DigestPolicy, FollowOptions } from './policy.js';

/** Options of {@link digest}. */
export interface DigestOptions extends FollowOptions {
  /** The tag that moves, such as `stable`. */
  readonly tag: string;
  /** Whether the tag may be followed to a build that was made earlier than the one that runs. @default false */
  readonly mayGoBack?: boolean;
}

/**
 * Follows a tag that is pushed again and again: what it points to is deployed as `image:tag@sha256:...`, so that each push is a rollout.
 * @throws RangeError naming the image and the option that cannot be used
 */
export function digest(image: string, options: DigestOptions): DigestPolicy {
  const { tag, mayGoBack = false } = options;
  if (!TAG.test(tag)) {
    throw new RangeError(`digest('${image}'): "${tag}" is not a tag`);
  }
  return { strategy: 'digest', ...followedImage('digest', image, options), tag, mayGoBack };
}

/** Whatever the tag points to, unless that is known to be older. */
export function digestOrder({ tag, mayGoBack }: DigestPolicy): BuildOrder {
  return {
    by: 'tag',
    accepts: (other) => other === tag,
    sort: (builds) => [...builds],
    replaces: (next, current) =>
      next.digest !== current.digest && (mayGoBack || (next.createdAt ?? Infinity) >= (current.createdAt ?? 0)),
  };
}
