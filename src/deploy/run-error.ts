import * as pulumi from '@pulumi/pulumi';
import { describeFinding, warningsIn } from '../app/checks/finding.js';
import type { DesiredState } from '../app/desired-state.js';
import { ProdeskError } from '../base/errors.js';

/**
 * Turns an expected failure into one that Pulumi shows without a stack trace. The trace is taken off: Pulumi's runner formats it anyway,
 * which took 15 s of work for one that leads through transpiled modules.
 * @throws pulumi.RunError for an error of ours or of the deployment, else what was given
 */
export function toRunError(thrown: unknown): never {
  if (!(thrown instanceof ProdeskError) && !pulumi.RunError.isInstance(thrown)) {
    throw thrown;
  }
  const error = new pulumi.RunError(thrown.message);
  error.stack = thrown.message;
  throw error;
}

/** Shows what checks found and what refuses no application, beside the resources of the run. */
export async function warnOf(desired: DesiredState): Promise<void> {
  for (const finding of warningsIn(desired)) {
    await pulumi.log.warn(`${finding.app}: ${describeFinding(finding)}`);
  }
}

/**
 * Refuses a desired state in which an application is missing only because it could not be synthesized: deploying it would delete that one.
 * @throws pulumi.RunError listing each failure with its place
 */
export function requireComplete(desired: DesiredState): DesiredState {
  const failures = Object.entries(desired.failed);
  if (failures.length > 0) {
    const lines = failures.map(([app, { message, location }]) => `  ${location ?? app}: ${message}`);
    throw new pulumi.RunError(`not all applications can be synthesized:\n${lines.join('\n')}`);
  }
  return desired;
}
