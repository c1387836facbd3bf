import type { Manifest } from '../manifest.js';
import type { CheckRule } from './rule.js';

/** Something of the cluster that one object has for itself, such as a node port. */
export interface Claim {
  /** Equal for claims on the same thing. */
  readonly key: string;
  /** What is claimed, for people, such as `node port 30306`. */
  readonly what: string;
  readonly field: string;
  /** The parts of the thing that are claimed: two claims without a common part do not meet. @default - the whole */
  readonly parts?: readonly string[];
}

/** Says what objects claim. */
export interface ClaimCheck {
  readonly rule: CheckRule;
  /** The kinds that claim something, such as `core/Service`. @default - every kind */
  readonly kinds?: readonly string[];
  /** What somebody does whose claim is refused. */
  readonly advice: string;
  readonly claimsOf: (object: Manifest) => readonly Claim[];
}
