import { parseImage } from '../image.js';
import { patternProblem } from '../tag-pattern.js';
import type { FilterOptions, FollowedImage } from './policy.js';

/** The patterns of a policy by the option that they are given in. */
type Patterns = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What all policies have in common, checked where it is written.
 * @param call the policy as messages name it, such as `newestBuild`
 * @param patterns further regular expressions of the policy
 * @throws RangeError naming the policy, the image and the option that cannot be used
 */
export function followedImage(
  call: string,
  image: string,
  { platform = 'linux/amd64', allow, ignore, pullSecret }: FilterOptions,
  patterns: Patterns = {},
): FollowedImage {
  const where = `${call}('${image}')`;
  const { name, tag, digest } = parseImage(image);
  if (name === '' || tag !== undefined || digest !== undefined) {
    throw new RangeError(`${where}: write the image without tag and digest, because the policy chooses them`);
  }
  for (const [option, texts] of Object.entries({ allow, ignore, ...patterns })) {
    for (const text of [texts ?? []].flat()) {
      const problem = patternProblem(text);
      if (problem !== undefined) {
        throw new RangeError(`${where}: ${option} ${problem}`);
      }
    }
  }
  return {
    image,
    platform,
    ...(allow === undefined ? {} : { allow }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(pullSecret === undefined ? {} : { pullSecret }),
  };
}
