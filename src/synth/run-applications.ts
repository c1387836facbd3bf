import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildRequest } from './child/request.js';
import { compileCheckout } from './compile-checkout.js';
import type { SynthAllowance } from './confinement.js';
import type { SynthLimits } from './limits.js';
import { type ChildResult, runChild } from './run-child.js';
import type { ChildMessage } from './schema.js';

/** What to run of a checkout. */
export interface ApplicationsRun {
  /** The checkout's real path; it has `node_modules`. */
  readonly directory: string;
  /** An empty folder. */
  readonly home: string;
  readonly request: Omit<ChildRequest, 'modules'>;
  readonly limits: SynthLimits;
  readonly allow: ReadonlySet<SynthAllowance>;
  readonly signal?: AbortSignal | undefined;
}

/** How many applications may bring the child down before the commit is given up. */
const MOST_CULPRITS = 3;

/**
 * Compiles a checkout and runs its applications. One that does not compile, or brings the child down, has failed, and the others are
 * run, in a child that comes to its end.
 * @throws StalledError `synth/limit`, `synth/threw` when too many did; CancelledError when the signal is aborted
 */
export async function runApplications(run: ApplicationsRun): Promise<ChildResult> {
  const { directory, request } = run;
  const { out: compiled, problems, shared } = await compileCheckout({ ...run, apps: request.apps });
  const modules = await realpath(join(directory, 'node_modules'));
  const failures: ChildMessage[] = Object.entries(problems).map(([app, message]) => failedMessage(app, message, ''));
  const reached = shared.map((path) => ({ type: 'reached', path }) as const);
  let apps = request.apps.filter((app) => problems[app] === undefined);
  for (let culprits = 0; ; culprits += 1) {
    const { messages, noise, culprit } = await runChild({ ...run, request: { ...request, apps }, modules, compiled });
    if (culprit === undefined) {
      return { messages: [...failures, ...reached, ...messages], noise };
    }
    if (culprits === MOST_CULPRITS) {
      throw culprit.error;
    }
    failures.push(failedMessage(culprit.app, culprit.error.message, `${directory}/apps/${culprit.app}/app.ts`));
    apps = apps.filter((app) => app !== culprit.app);
  }
}

function failedMessage(app: string, message: string, stack: string): ChildMessage {
  return { type: 'failed', app, message, stack };
}
