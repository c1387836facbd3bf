import { ProdeskError } from '../base/errors.js';

/** How the command ends, as `prodesk --help` explains it. */
export const EXIT = { ok: 0, failure: 1, usage: 2, outOfSync: 3, interrupted: 130 } as const;

/** The exit code of a failure. What a person has to correct before anything can run is `usage`. */
export function exitCodeOf(thrown: unknown): number {
  if (!(thrown instanceof ProdeskError)) {
    return EXIT.failure;
  }
  switch (thrown.disposition) {
    case 'config':
      return EXIT.usage;
    case 'cancelled':
      return EXIT.interrupted;
    case 'retry':
    case 'stalled':
    case 'bug':
      return EXIT.failure;
  }
}
