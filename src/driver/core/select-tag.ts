import { parseVersion } from '../../app/image.js';
import type { Build, ImagePolicy } from '../../app/image-policy.js';
import { orderOf, versionOf } from '../../app/image-policy.js';
import type { BadImage } from './state.js';

/** What runs of an image. */
export interface CurrentBuild {
  /** As it is deployed: tag, digest or both. */
  readonly version: string;
  /** What is known of it. */
  readonly build: Build;
}

/**
 * The build to run instead of the current one, or undefined to stay. The policy's best one wins; it is not taken when it was rolled back before,
 * and never when it would be a step back: a deleted or replayed tag does not turn the time back. A current build that the policy would not
 * take says nothing: its tag may be a placeholder, or the policy was changed.
 */
export function selectBuild<B extends Build>(
  policy: ImagePolicy,
  builds: readonly B[],
  current: CurrentBuild | undefined,
  bad: readonly BadImage[],
): B | undefined {
  const order = orderOf(policy);
  const [best] = order.sort(builds);
  if (best === undefined) {
    return undefined;
  }
  const version = versionOf(policy, best);
  if (version === current?.version || bad.some(({ tag }) => tag === version)) {
    return undefined;
  }
  const isComparable = current !== undefined && order.accepts(current.build.tag);
  return !isComparable || pins(version, best, current) || order.replaces(best, current.build) ? best : undefined;
}

/** Whether only the digest is added to a tag that stays. */
function pins(version: string, { tag }: Build, current: CurrentBuild): boolean {
  const isPinned = parseVersion(current.version).digest !== undefined;
  return !isPinned && tag === current.build.tag && parseVersion(version).digest !== undefined;
}
