import { formatVersion } from '../image.js';
import { patternOf } from '../tag-pattern.js';
import { alphabeticalOrder } from './alphabetical.js';
import type { Build, BuildOrder } from './build-order.js';
import { digestOrder } from './digest.js';
import { newestBuildOrder } from './newest-build.js';
import type { FollowedImage, ImagePolicy } from './policy.js';
import { semverOrder } from './semver.js';

/** Tags that are signatures or attestations of other images, not builds (cosign's and OCI referrers' tag schema). */
const ATTACHMENT = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$|\.(sig|att|sbom)$/;

/** Expressions are compiled once for each policy. */
const ORDERS = new WeakMap<ImagePolicy, BuildOrder>();

/** How a policy chooses, its filters included. */
export function orderOf(policy: ImagePolicy): BuildOrder {
  const known = ORDERS.get(policy);
  if (known !== undefined) {
    return known;
  }
  const order = strategyOf(policy);
  const isAllowed = filterOf(policy);
  const accepts = (tag: string): boolean => isAllowed(tag) && order.accepts(tag);
  const filtered: BuildOrder = {
    ...order,
    accepts,
    sort: (builds) => order.sort(builds.filter(({ tag }) => accepts(tag))),
  };
  ORDERS.set(policy, filtered);
  return filtered;
}

/** What a policy deploys of a build: the tag, or tag and digest where the tag alone may come to mean something else. */
export function versionOf(policy: ImagePolicy, { tag, digest }: Build): string {
  const mayMove = policy.strategy === 'digest' || policy.verify !== undefined;
  return mayMove && digest !== undefined ? formatVersion({ tag, digest }) : tag;
}

function strategyOf(policy: ImagePolicy): BuildOrder {
  switch (policy.strategy) {
    case 'newest-build':
      return newestBuildOrder;
    case 'semver':
      return semverOrder(policy);
    case 'alphabetical':
      return alphabeticalOrder(policy);
    case 'digest':
      return digestOrder(policy);
  }
}

function filterOf({ allow, ignore = [] }: Pick<FollowedImage, 'allow' | 'ignore'>): (tag: string) => boolean {
  const allowed = allow === undefined ? undefined : patternOf(allow);
  const ignored = ignore.map(patternOf);
  return (tag) =>
    !ATTACHMENT.test(tag) && (allowed?.test(tag) ?? true) && !ignored.some((pattern) => pattern.test(tag));
}
