import { parseArgs } from 'node:util';

/** How the benchmark is run. */
export interface BenchOptions {
  /** Where the numbers are written as JSON. */
  readonly json?: string;
  /** Numbers of applications. */
  readonly sizes: readonly number[];
  /** How often each thing is measured. */
  readonly runs: number;
  /** Whether the first `pulumi up` of everything is measured, too, on a cluster of its own. */
  readonly pulumiFirst: boolean;
}

/**
 * Reads `--json FILE`, `--sizes 6,100,1000`, `--runs N` and `--pulumi-first`.
 * @throws RangeError naming the flag
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      sizes: { type: 'string', default: '6,100' },
      runs: { type: 'string', default: '5' },
      'pulumi-first': { type: 'boolean', default: false },
    },
  });
  return {
    ...(values.json !== undefined && { json: values.json }),
    sizes: values.sizes.split(',').map((size) => wholeNumber('--sizes', size, 2)),
    runs: wholeNumber('--runs', values.runs, 1),
    pulumiFirst: values['pulumi-first'],
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${flag}: "${text}" is not a whole number of at least ${least}`);
  }
  return value;
}
