import type { Program, Subject } from './program.js';
import type { CheckRule, Severity } from './rule.js';

/** One thing that a check found, before it is said whose it is and how bad. */
export interface Mistake {
  readonly app: string;
  /** Absent when the application itself is wrong. */
  readonly object?: Subject['object'];
  readonly field: string;
  readonly message: string;
  /** @default - the check's */
  readonly severity?: Severity;
}

/** Looks for one kind of mistake, in all applications of a revision at once. Takes time in proportion to the number of objects. */
export interface Check {
  readonly rule: CheckRule;
  readonly severity: Severity;
  readonly find: (program: Program) => readonly Mistake[];
}
