import type { Command } from 'commander';
import type { SyncOutcome } from '../server/daemon-view.js';
import { EXIT } from './exit-codes.js';
import { formatJson, print } from './output.js';

/** What a person's wish came to, as `--json` shows it. */
export interface ShownOutcome extends SyncOutcome {
  /** Absent when it concerned all applications. */
  readonly app?: string | undefined;
}

/** Adds the option that makes {@link showOutcome} print JSON. */
export function withJsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON document');
}

/** Prints what came of a wish and sets the exit code: 1 when nothing came of it. */
export function showOutcome(
  { app, ok, message }: ShownOutcome,
  done: string,
  options: { readonly json?: boolean },
): void {
  const text = ok ? done : (message ?? 'failed');
  print(options.json === true ? formatJson({ app, ok, message }) : `${app ?? 'everything'}: ${text}`);
  process.exitCode = ok ? EXIT.ok : EXIT.failure;
}
