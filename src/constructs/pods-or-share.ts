import { k8s } from 'cdk8s-plus-28';
import { checkInteger } from './validation.js';

/**
 * A number of pods, or a share such as `50%`.
 * @throws RangeError when it is neither
 */
export function podsOrShare(what: string, value: number | string): k8s.IntOrString {
  if (typeof value === 'number') {
    return k8s.IntOrString.fromNumber(checkInteger(what, value, 0, 1000));
  }
  if (!/^\d{1,3}%$/.test(value)) {
    throw new RangeError(`${what} is neither a number nor a percentage such as 50%: "${value}"`);
  }
  return k8s.IntOrString.fromString(value);
}
