import type { ImagePolicy } from '../../app/image-policy.js';
import { patternOf } from '../../app/tag-pattern.js';
import type { ImageBuild } from '../../sources/registry/port.js';
import type { BadImage, SelectedBuild } from './state.js';

/** Tags that are signatures or attestations of other images, not builds (cosign's and OCI referrers' tag schema). */
const ATTACHMENT = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$|\.(sig|att|sbom)$/;

/** The tags that a policy may take, in the order given. */
export function allowedTags(tags: readonly string[], policy: Pick<ImagePolicy, 'allow' | 'ignore'>): string[] {
  const allow = policy.allow === undefined ? undefined : patternOf(policy.allow);
  const ignore = (policy.ignore ?? []).map(patternOf);
  return tags.filter(
    (tag) => !ATTACHMENT.test(tag) && (allow?.test(tag) ?? true) && !ignore.some((pattern) => pattern.test(tag)),
  );
}

/**
 * The build to run instead of the current one, or undefined to stay. The newest build by creation time wins; it is not taken when
 * it was rolled back before, and never when it is older than the current one: a deleted or replayed tag does not turn the time back.
 */
export function selectBuild(
  builds: readonly ImageBuild[],
  current: SelectedBuild | undefined,
  bad: readonly BadImage[],
): ImageBuild | undefined {
  const newest = builds
    .filter((build) => build.createdAt !== undefined)
    .reduce<ImageBuild | undefined>(
      (best, build) => (best === undefined || isNewer(build, best) ? build : best),
      undefined,
    );
  if (newest === undefined || newest.tag === current?.tag || bad.some((image) => image.tag === newest.tag)) {
    return undefined;
  }
  return current?.createdAt !== undefined && (newest.createdAt ?? 0) <= current.createdAt ? undefined : newest;
}

function isNewer(a: ImageBuild, b: ImageBuild): boolean {
  const [timeA, timeB] = [a.createdAt ?? 0, b.createdAt ?? 0];
  return timeA === timeB ? a.tag > b.tag : timeA > timeB;
}
