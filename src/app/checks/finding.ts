import { redact } from '../../base/redact.js';
import { describeRef, type ObjectRef } from '../manifest.js';
import type { CheckRule, Severity } from './rule.js';

/** A mistake in what a revision wants, found before anything is deployed. */
export interface Finding {
  readonly rule: CheckRule;
  readonly severity: Severity;
  readonly app: string;
  /** The object that has it; absent when the application itself has it, as with an image policy. */
  readonly object?: ObjectRef;
  /** The field, such as `spec.ports[0].nodePort`. */
  readonly field: string;
  /** The file to look into, such as `apps/mysql/app.ts`. */
  readonly file: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** The findings of a state that refuse no application. */
export function warningsIn({ findings = [] }: { readonly findings?: readonly Finding[] }): Finding[] {
  return findings.filter(({ severity }) => severity === 'warning');
}

/** A finding in one line without its application: `Service prodesk/web spec.ports[0].nodePort: ... (duplicate-node-port)`. */
export function describeFinding({ object, field, message, rule }: Finding): string {
  return `${object === undefined ? '' : `${describeRef(object)} `}${withField(field, message)} (${rule})`;
}

/** A field that is called like a secret must not look like one with its value, or the message would be redacted on its way. */
function withField(field: string, message: string): string {
  const plain = `${field}: ${message}`;
  return redact(plain) === plain ? plain : `${field} is wrong: ${message}`;
}
