import { parseImage } from '../image.js';
import { patternProblem } from '../tag-pattern.js';
import type { FilterOptions, FollowedImage } from './policy.js';

/** The name of a stack-config setting. */
export const SETTING = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

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
  { platform = 'linux/amd64', allow, ignore, pullSecret, verify }: FilterOptions,
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
  if (verify !== undefined && !isPem(verify.cosignKey) && !SETTING.test(verify.cosignKey)) {
    throw new RangeError(`${where}: verify.cosignKey is neither a public key in PEM nor the name of a setting`);
  }
  return {
    image,
    platform,
    ...(allow === undefined ? {} : { allow }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(pullSecret === undefined ? {} : { pullSecret }),
    ...(verify === undefined ? {} : { verify }),
  };
}

/** Whether a text is a public key itself, and not the name of a setting that holds it. */
export function isPem(text: string): boolean {
  return /-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(text);
}
