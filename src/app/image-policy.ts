import { patternProblem } from './tag-pattern.js';

/** How the tag of an image is chosen. `newest-build`: the tag whose image configuration has the latest `created` time. */
export type ImageStrategy = 'newest-build';

/** Which tags of one image an application follows. */
export interface ImagePolicy {
  /** Registry and repository without a tag, such as `ghcr.io/sijunkim/friend-app`. */
  readonly image: string;
  readonly strategy: ImageStrategy;
  /** A regular expression (RE2 syntax) that a tag must match. */
  readonly allow?: string;
  /** Regular expressions; a tag that matches any of them is never taken. */
  readonly ignore?: readonly string[];
  /** The platform that the image must have, such as `linux/amd64`. */
  readonly platform: string;
}

/** Options of {@link newestBuild}. */
export interface NewestBuildOptions {
  /** A regular expression (RE2 syntax: no look-around, no back-references) that a tag must match, such as `^master-`. @default - every tag */
  readonly allow?: string;
  /** Regular expressions of tags that are never taken. @default - none */
  readonly ignore?: readonly string[];
  /** The platform that the image must have. @default linux/amd64 */
  readonly platform?: string;
}

/**
 * Follows the newest build of an image, by the `created` time of its configuration.
 * @throws RangeError naming the image and the filter that cannot be used
 */
export function newestBuild(image: string, options: NewestBuildOptions = {}): ImagePolicy {
  checkFilters('newestBuild', image, options);
  return { strategy: 'newest-build', image, platform: 'linux/amd64', ...options };
}

function checkFilters(policy: string, image: string, { allow, ignore = [] }: NewestBuildOptions): void {
  const named = [
    ...(allow === undefined ? [] : [['allow', allow] as const]),
    ...ignore.map((text) => ['ignore', text] as const),
  ];
  for (const [option, text] of named) {
    const problem = patternProblem(text);
    if (problem !== undefined) {
      throw new RangeError(`${policy}('${image}'): ${option} ${problem}`);
    }
  }
}
