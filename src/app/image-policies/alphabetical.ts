import { patternOf } from '../tag-pattern.js';
import type { BuildOrder } from './build-order.js';
import { greatestFirst } from './build-order.js';
import { followedImage } from './followed-image.js';
import type { AlphabeticalPolicy, FilterOptions } from './policy.js';

/** Options of {@link alphabetical}. */
export interface AlphabeticalOptions extends FilterOptions {
  /** `ascending`: the newest tag is the last one from A to Z and 0 to 9, as with dates. `descending`: it is the first one. @default ascending */
  readonly order?: 'ascending' | 'descending';
  /** A regular expression whose first group is compared, such as `-(\\d{8})$`; other tags are not taken. @default - the whole tag */
  readonly extract?: string;
}

/**
 * Follows the last tag in alphabetical order, which is the newest where tags hold a date or a number of fixed length.
 * @throws RangeError naming the image and the option that cannot be used
 */
export function alphabetical(image: string, options: AlphabeticalOptions = {}): AlphabeticalPolicy {
  const { order = 'ascending', extract } = options;
  return {
    strategy: 'alphabetical',
    ...followedImage('alphabetical', image, options, { extract }),
    order,
    ...(extract === undefined ? {} : { extract }),
  };
}

/** The later in the policy's order, the better. Texts are compared character by character: `10` comes before `9`. */
export function alphabeticalOrder({ order, extract }: AlphabeticalPolicy): BuildOrder {
  const pattern = extract === undefined ? undefined : patternOf(extract);
  const textOf = (tag: string): string | undefined => (pattern === undefined ? tag : pattern.extract(tag));
  const sign = order === 'ascending' ? 1 : -1;
  const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -sign : sign);
  return {
    by: 'tag',
    accepts: (tag) => textOf(tag) !== undefined,
    sort: (builds) => greatestFirst(builds, ({ tag }) => textOf(tag), compare),
    replaces(next, current) {
      const [a, b] = [textOf(next.tag), textOf(current.tag)];
      return a !== undefined && (b === undefined || compare(a, b) > 0);
    },
  };
}
