import { ProdeskError, messageOf } from '../base/errors.js';
import { redact } from '../base/redact.js';
import { visible } from '../base/visible-text.js';
import { paint } from './output.js';
import type { PaintTarget } from './output.js';
import { REMEDIES } from './remedies.js';

/** How a failure is shown. */
export interface ErrorReportOptions {
  /** Adds stack traces, of the causes too. */
  readonly verbose: boolean;
  /** Where the text goes: decides on colours. */
  readonly target: PaintTarget;
}

/** A failure as people read it: what happened, its code, and what to do. */
export function describeError(thrown: unknown, { verbose, target }: ErrorReportOptions): string {
  const lines = [`${paint(target, 'red', 'error:')} ${visible(messageOf(thrown))}`];
  if (thrown instanceof ProdeskError) {
    lines.push(
      `${paint(target, 'dim', ' code:')} ${thrown.code}`,
      `${paint(target, 'dim', '   do:')} ${REMEDIES[thrown.code]}`,
    );
  } else if (!verbose) {
    lines.push(paint(target, 'dim', 'This was not expected. Run the command with --verbose for the details.'));
  }
  if (verbose) {
    lines.push(...stacksOf(thrown));
  }
  return lines.join('\n');
}

function stacksOf(thrown: unknown): string[] {
  const stacks: string[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    seen.add(error);
    stacks.push(visible(redact(error.stack ?? String(error))));
  }
  return stacks;
}
