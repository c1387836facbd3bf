import type { SemVer } from 'semver';
import { compare, parse, Range, validRange } from 'semver';
import { patternOf } from '../tag-pattern.js';
import type { BuildOrder } from './build-order.js';
import { greatestFirst } from './build-order.js';
import { followedImage } from './followed-image.js';
import type { FilterOptions, SemverPolicy } from './policy.js';

/** Options of {@link semver}. */
export interface SemverOptions extends FilterOptions {
  /** Which versions may be taken, such as `^1.4`, `1.x` or `>=2.1 <3`. @default - every version */
  readonly range?: string;
  /** Whether pre-releases such as `1.5.0-rc.1` are versions like others. Otherwise only those that the range itself names. @default false */
  readonly preReleases?: boolean;
  /** A regular expression whose first group is the version, such as `^(.*)-alpine$`; other tags are not taken. @default - the whole tag */
  readonly extract?: string;
}

/**
 * Follows the highest version of an image. Tags are versions with three numbers (`1.4.2`, `v1.4.2`); others, such as `1.4`, are not taken.
 * @throws RangeError naming the image and the option that cannot be used
 */
export function semver(image: string, options: SemverOptions = {}): SemverPolicy {
  const { range = '*', preReleases = false, extract } = options;
  if (!isVersionRange(range)) {
    throw new RangeError(`semver('${image}'): "${range}" is not a range of versions, such as ^1.4 or >=2.1 <3`);
  }
  return {
    strategy: 'semver',
    ...followedImage('semver', image, options, { extract }),
    range,
    preReleases,
    ...(extract === undefined ? {} : { extract }),
  };
}

/** Whether a text is a range of versions. */
export function isVersionRange(text: string): boolean {
  return validRange(text) !== null;
}

/** The higher version, the better. */
export function semverOrder({ range, preReleases, extract }: SemverPolicy): BuildOrder {
  const wanted = new Range(range, { includePrerelease: preReleases });
  const pattern = extract === undefined ? undefined : patternOf(extract);
  const versionOf = (tag: string): SemVer | undefined => {
    const text = pattern === undefined ? tag : pattern.extract(tag);
    const version = parse(text);
    return version !== null && wanted.test(version) ? version : undefined;
  };
  return {
    by: 'tag',
    accepts: (tag) => versionOf(tag) !== undefined,
    sort: (builds) => greatestFirst(builds, ({ tag }) => versionOf(tag), compare),
    replaces(next, current) {
      const [a, b] = [versionOf(next.tag), versionOf(current.tag)];
      return a !== undefined && (b === undefined || compare(a, b) > 0);
    },
  };
}
