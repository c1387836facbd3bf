import { patternOf } from '../app/tag-pattern.js';
import type { SopsMetadata } from './metadata.js';

const DEFAULT_UNENCRYPTED_SUFFIX = '_unencrypted';

/** Whether the value at a path is encrypted. */
export type EncryptionRule = (path: readonly string[]) => boolean;

/**
 * The rule that a file was encrypted by; SOPS allows one at a time.
 * @throws RangeError when its expression is none
 */
export function encryptionRuleOf(metadata: SopsMetadata): EncryptionRule {
  const { encrypted_regex, unencrypted_regex, encrypted_suffix, unencrypted_suffix } = metadata;
  if (encrypted_regex) {
    const pattern = patternOf(encrypted_regex);
    return (path) => path.some((key) => pattern.test(key));
  }
  if (unencrypted_regex) {
    const pattern = patternOf(unencrypted_regex);
    return (path) => !path.some((key) => pattern.test(key));
  }
  if (encrypted_suffix) {
    return (path) => path.some((key) => key.endsWith(encrypted_suffix));
  }
  const suffix = unencrypted_suffix || DEFAULT_UNENCRYPTED_SUFFIX;
  return (path) => !path.some((key) => key.endsWith(suffix));
}
