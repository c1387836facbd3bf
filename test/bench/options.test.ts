import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.js';

describe('test/bench/options', () => {
  it('measures two sizes, five times each, unless told otherwise', () => {
    expect(parseOptions([])).toEqual({ sizes: [6, 100], runs: 5, pulumiFirst: false });
  });

  it('takes sizes, runs, a file, and the first sync of the stock command', () => {
    expect(parseOptions(['--sizes', '2,1000', '--runs', '1', '--json', 'out.json', '--pulumi-first'])).toEqual({
      sizes: [2, 1000],
      runs: 1,
      json: 'out.json',
      pulumiFirst: true,
    });
  });

  it.each([
    { args: ['--sizes', '6,1'], message: '--sizes: "1" is not a whole number of at least 2' },
    { args: ['--sizes', '6,'], message: '--sizes: "" is not a whole number of at least 2' },
    { args: ['--runs', '0'], message: '--runs: "0" is not a whole number of at least 1' },
    { args: ['--runs', 'x'], message: '--runs: "x" is not a whole number of at least 1' },
    { args: ['--run', '1'], message: '--run' },
  ])('refuses $args and names the flag', ({ args, message }) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
